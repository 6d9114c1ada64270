import type { Machine, User } from './machines.js';

/** A running program of the office. */
export interface Process {
  machine: Machine;
  pid: number;
  startedAt: number;
  executable: string;
  args: readonly string[];
  user: User;
  parent: Process | null;
  /** Started from a terminal or a desktop, not by a service manager. */
  interactive: boolean;
  /** What the file says of itself, however it is named. */
  file: FileInfo;
}

export interface FileInfo {
  originalName: string;
  description: string;
  company: string;
}

export const systemUser: User = { name: 'SYSTEM', id: 'S-1-5-18' };
export const networkService: User = { name: 'NETWORK SERVICE', id: 'S-1-5-20' };
export const rootUser: User = { name: 'root', id: '0' };

/** The last part of a path of either system. */
export const fileName = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1);

/** Arguments as one line; those with spaces in quotes. */
export const commandLine = (args: readonly string[]): string =>
  args.map((argument) => (/\s/.test(argument) && !argument.includes('"') ? `"${argument}"` : argument)).join(' ');

type Start = Pick<Process, 'executable' | 'startedAt'> &
  Partial<Pick<Process, 'args' | 'user' | 'parent' | 'interactive' | 'file'>>;

/** Gives every machine's processes their pids, and keeps the long-lived ones. */
export class Processes {
  readonly #nextPid = new Map<Machine, number>();
  readonly #services = new Map<string, Process>();

  constructor(private readonly bootedAt: number) {}

  /** A child takes user and session of its parent where nothing else is said. */
  start(machine: Machine, start: Start): Process {
    const parent = start.parent ?? null;
    return {
      machine,
      pid: this.#pid(machine, start.executable),
      startedAt: start.startedAt,
      executable: start.executable,
      args: start.args ?? [start.executable],
      user: start.user ?? parent?.user ?? (machine.system === 'windows' ? systemUser : rootUser),
      parent,
      interactive: start.interactive ?? parent?.interactive ?? false,
      file: start.file ?? describeSystemFile(start.executable),
    };
  }

  /** A program that runs since the machine started: one per machine, executable and user. */
  service(machine: Machine, executable: string, user?: User): Process {
    const key = JSON.stringify([machine.name, executable, user?.name]);
    const known = this.#services.get(key);
    if (known) return known;
    const parent = this.#parentOfServices(machine, executable);
    const process = this.start(machine, {
      executable,
      startedAt: this.bootedAt,
      parent,
      interactive: false,
      ...(user ? { user } : {}),
    });
    this.#services.set(key, process);
    return process;
  }

  /** The program through which a person starts others: the Windows desktop, a shell in macOS' Terminal or of an SSH login. */
  desktop(machine: Machine): Process {
    const key = JSON.stringify([machine.name, 'desktop']);
    const known = this.#services.get(key);
    if (known) return known;
    const user = machine.user ?? rootUser;
    const process = this.start(machine, { startedAt: this.bootedAt, user, interactive: true, ...this.#shell(machine) });
    this.#services.set(key, process);
    return process;
  }

  #shell(machine: Machine): Pick<Start, 'executable' | 'args' | 'parent'> {
    const user = machine.user ?? rootUser;
    switch (machine.system) {
      case 'windows':
        return { executable: String.raw`C:\Windows\explorer.exe` };
      case 'macos': {
        const terminal = '/System/Applications/Utilities/Terminal.app/Contents/MacOS/Terminal';
        return { executable: '/bin/zsh', args: ['-zsh'], parent: this.service(machine, terminal, user) };
      }
      default:
        return {
          executable: '/usr/bin/bash',
          args: ['-bash'],
          parent: machine.container ? null : this.service(machine, '/usr/sbin/sshd'),
        };
    }
  }

  #pid(machine: Machine, executable: string): number {
    const fixed = fixedPids.get(executable);
    if (fixed !== undefined) return fixed;
    const kernel = machine.container?.node ?? machine;
    const pid = this.#nextPid.get(kernel) ?? FIRST_PID;
    const next = pid + (machine.system === 'windows' ? 52 : 7); // Windows' are multiples of four
    this.#nextPid.set(kernel, next > LAST_PID ? FIRST_PID : next);
    return pid;
  }

  #parentOfServices(machine: Machine, executable: string): Process | null {
    if (fixedPids.has(executable) || machine.container) return null;
    const manager = managers[machine.system];
    return executable === manager ? null : this.service(machine, manager);
  }
}

const FIRST_PID = 1_200;
/** Linux begins anew here. */
const LAST_PID = 4_194_304;

const systemd = '/usr/lib/systemd/systemd';

/** What starts the services of a machine. */
const managers: Readonly<Record<Machine['system'], string>> = {
  windows: String.raw`C:\Windows\System32\services.exe`,
  macos: '/sbin/launchd',
  linux: systemd,
  kubernetes: systemd,
  device: systemd,
};

const fixedPids = new Map([
  ['System', 4],
  ['/sbin/launchd', 1],
  [systemd, 1],
]);

const describeSystemFile = (executable: string): FileInfo => ({
  originalName: fileName(executable),
  description: fileName(executable),
  company: executable.startsWith('/') ? 'Apple Inc.' : 'Microsoft Corporation',
});
