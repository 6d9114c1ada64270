import { execFileSync, spawn } from 'node:child_process';
import { chownSync, closeSync, lchownSync, mkdirSync, openSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from './commands.js';
import { enginesFolder } from './folder.js';

/** How long a process may take to end by itself. */
const STOP_MS = 20_000;

/** Starts a process that outlives this one and holds none of its streams. Its group has its number. */
export function startDetached({ program, given, environment }: Command, folder: string): number {
  const user = unprivilegedUser();
  if (user) giveTo(folder, user);
  const log = openSync(path.join(folder, 'log'), 'a');
  const child = spawn(program, given, {
    cwd: folder,
    env: { PATH: process.env.PATH, ...environment },
    detached: true,
    stdio: ['ignore', log, log],
    ...user,
  });
  child.on('error', () => undefined); // what does not start has no number
  closeSync(log);
  child.unref();
  if (child.pid === undefined) throw new Error(`${program} can't be started.`);
  return child.pid;
}

/** Whether something of the process's group is there and is an engine's, not a later one of the same number. */
export function isRunning(pid: number): boolean {
  const lines = execFileSync('ps', ['-A', '-ww', '-o', 'pgid=,command='], { encoding: 'utf8' }).split('\n');
  return lines.some((line) => Number.parseInt(line, 10) === pid && line.includes(enginesFolder()));
}

/** Ends these processes with their children, by force if they take too long. */
export async function stopAll(pids: readonly number[]): Promise<void> {
  const running = pids.filter(isRunning);
  for (const pid of running) process.kill(-pid, 'SIGTERM');
  for (let waited = 0; running.some(isRunning); waited += 200) {
    if (waited >= STOP_MS) for (const pid of running.filter(isRunning)) process.kill(-pid, 'SIGKILL');
    await pause(200);
  }
}

interface User {
  uid: number;
  gid: number;
}

/** Elasticsearch refuses root: root starts it as the user who owns nothing. */
function unprivilegedUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (which: '-u' | '-g') => Number(execFileSync('id', [which, 'nobody'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

function giveTo(folder: string, { uid, gid }: User): void {
  mkdirSync(folder, { recursive: true });
  chownSync(folder, uid, gid);
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    lchownSync(path.join(folder, entry), uid, gid);
}
