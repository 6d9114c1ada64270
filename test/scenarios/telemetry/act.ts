import type { Machine } from '../cast.js';

/** What a program of a machine does, in the words that every agent's documents are made from. */
export interface Act {
  at: number;
  machine: Machine;
  /** The executable's path. */
  program: string;
  /** Default 100. */
  pid?: number;
  container?: string;
}

export interface Start extends Act {
  /** The command line after the program. */
  args?: string;
  parent?: { program: string; pid: number };
  /** Another name in the program's own resources (Windows). */
  originalName?: string;
}

export interface Attempt extends Act {
  to: string;
  port: number;
  transport?: 'tcp' | 'udp';
}

export const commandLine = ({ program, args }: Start): string[] => [
  program,
  ...(args === undefined ? [] : args.split(' ')),
];

export const fileName = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);

/** A process's identity where the agent gives one: by host and pid. */
export const entityOf = ({ machine }: Act, pid: number): string => `{${machine.id}-${pid}}`;
