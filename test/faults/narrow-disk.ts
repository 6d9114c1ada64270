import { type ChildProcess, execFileSync, spawnSync } from 'node:child_process';
import { closeSync, fsyncSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
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
