import type { Machine, User } from './office.js';

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

  /** The program through which a person starts others: the Windows desktop, or a shell in macOS' Terminal. */
  desktop(machine: Machine): Process {
    const key = JSON.stringify([machine.name, 'desktop']);
    const known = this.#services.get(key);
    if (known) return known;
    const user = machine.user ?? rootUser;
    const started = { startedAt: this.bootedAt, user, interactive: true };
    const process =
      machine.system === 'windows'
        ? this.start(machine, { ...started, executable: String.raw`C:\Windows\explorer.exe` })
        : this.start(machine, {
            ...started,
            executable: '/bin/zsh',
            args: ['-zsh'],
            parent: this.service(machine, '/System/Applications/Utilities/Terminal.app/Contents/MacOS/Terminal', user),
          });
    this.#services.set(key, process);
    return process;
  }

  #pid(machine: Machine, executable: string): number {
    const fixed = fixedPids.get(executable);
    if (fixed !== undefined) return fixed;
    const pid = this.#nextPid.get(machine) ?? 1_200;
    this.#nextPid.set(machine, pid + (machine.system === 'windows' ? 52 : 7)); // Windows' are multiples of four
    return pid;
  }

  #parentOfServices(machine: Machine, executable: string): Process | null {
    if (fixedPids.has(executable)) return null;
    const manager = machine.system === 'windows' ? String.raw`C:\Windows\System32\services.exe` : '/sbin/launchd';
    return executable === manager ? null : this.service(machine, manager);
  }
}

const fixedPids = new Map([
  ['System', 4],
  ['/sbin/launchd', 1],
]);

const describeSystemFile = (executable: string): FileInfo => ({
  originalName: fileName(executable),
  description: fileName(executable),
  company: executable.startsWith('/') ? 'Apple Inc.' : 'Microsoft Corporation',
});
