import { type ChildProcess, execFileSync, spawnSync } from 'node:child_process';
import { closeSync, existsSync, fsyncSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';
import { storeFile } from '../../server/backends/duckdb/open-instance.js';

/** A way in which the disk of a service's store gets no room, and some again. */
export interface NarrowDisk {
  name: string;
  /** Why it can't be had here. */
  skip?: string;
  /** The command that the service is run by. */
  by(store: string): string[];
  fill(service: ChildProcess, store: string): void;
  empty(service: ChildProcess, store: string): void;
  /** What the system calls it. */
  says: RegExp;
}

const missing = (command: string, ...args: string[]): { skip?: string } =>
  spawnSync(command, args).status === 0 ? {} : { skip: `${command} does not work here` };

/** In a space of mounts of its own, which ends with it. */
const mounted = (mount: string, folder: string): string[] => [
  'unshare',
  '--mount',
  'sh',
  '-c',
  `${mount} && exec "$@"`,
  folder,
];

const smallMount = 'mount -t tmpfs -o size=24m none "$0"';

/** A disk that is really full. */
export const fullDisk: NarrowDisk = {
  name: 'a full disk',
  ...missing('unshare', '--mount', 'sh', '-c', smallMount, '/mnt'),
  by: (store) => mounted(smallMount, store),
  fill(service, store) {
    const filler = openSync(fillerOf(service, store), 'w');
    try {
      for (let bytes = 2 ** 20; bytes >= 1; )
        try {
          writeSync(filler, Buffer.alloc(bytes));
        } catch {
          bytes = Math.floor(bytes / 2);
        }
      fsyncSync(filler);
    } finally {
      closeSync(filler);
    }
  },
  empty: (service, store) => rmSync(fillerOf(service, store)),
  says: /No space left on device/,
};

const fillerOf = ({ pid }: ChildProcess, store: string): string => join(`/proc/${pid}/root`, store, 'filler');

/** No file may grow any more: needs no rights. */
export const fileLimit: NarrowDisk = {
  name: 'a limit of the size of files',
  ...missing('prlimit', '--version'),
  by: () => [],
  fill({ pid }, store) {
    const sizes = [storeFile(store), `${storeFile(store)}.wal`].map((file) => statSync(file).size);
    limitFiles(pid!, String(Math.max(...sizes) + 4_096));
  },
  empty: ({ pid }) => limitFiles(pid!, 'unlimited'),
  says: /File too large/,
};

/** @param most in bytes, or `unlimited` */
export const limitFiles = (pid: number, most: string): unknown =>
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${most}:`]);

/** A disk that can only be read. */
export const readOnly = {
  ...missing('unshare', '--mount', 'sh', '-c', 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0"', '/mnt'),
  by: (store: string): string[] => mounted('mount --bind "$0" "$0" && mount -o remount,bind,ro "$0"', store),
};

const imageOf = (store: string) => `${store}.img`;
const ownMount = 'mount -o loop,errors=remount-ro "$0.img" "$0"';
const makeImage = 'truncate -s 64M "$0.img" && mkfs.ext4 -q -F "$0.img"';

const tryOut = `cd "$(mktemp -d)" && mkdir x && ${makeImage} && ${ownMount} && umount x; code=$?; rm -rf "$PWD"; exit $code`;

/** A disk of its own whose file system meets an error, and is only read from then on until it is mounted again. */
export const failingDisk = {
  ...missing('unshare', '--mount', 'sh', '-c', tryOut, 'x'),
  by(store: string): string[] {
    if (!existsSync(imageOf(store))) execFileSync('sh', ['-c', makeImage, store]);
    return mounted(ownMount, store);
  },
  fail(store: string): void {
    const [device = ''] = execFileSync('losetup', ['-j', imageOf(store)], { encoding: 'utf8' }).split(':');
    writeFileSync(`/sys/fs/ext4/${basename(device)}/trigger_fs_error`, '1');
  },
  says: /Read-only file system/,
};
