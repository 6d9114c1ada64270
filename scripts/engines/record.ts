import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { EngineName } from './engine.js';
import { runFolder } from './folder.js';

/** What is known of an engine that was started. Read and written under the lock. */
export interface EngineRecord {
  pids: readonly number[];
  /** By a person, who stops it too; or by tests, which stop it when none of them needs it. */
  startedBy: 'person' | 'tests';
  /** Processes of tests that use it. */
  users: readonly number[];
}

const fileOf = (name: EngineName): string => path.join(runFolder(name), 'record.json');

export function readRecord(name: EngineName): EngineRecord | undefined {
  const file = fileOf(name);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as EngineRecord) : undefined;
}

export function writeRecord(name: EngineName, record: EngineRecord): void {
  mkdirSync(runFolder(name), { recursive: true });
  writeFileSync(fileOf(name), JSON.stringify(record));
}

/** Whether some test that uses it still runs. */
export const isInUse = ({ users }: EngineRecord): boolean => users.some(isAlive);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
