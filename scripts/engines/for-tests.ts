import { setTimeout as pause } from 'node:timers/promises';
import { type Engine, engines } from './engine.js';
import { withLock } from './lock.js';
import { isInUse, readRecord, writeRecord } from './record.js';
import { AT_ONCE, enginesUp, isUp, startServer, stopServer } from './servers.js';

/**
 * Has an engine up for as long as this process lives. Where others take up the room, one that tests started and none
 * uses any more makes place; while there is none, waits for it.
 */
export async function useEngine(engine: Engine): Promise<void> {
  while (!(await withLock(() => tryToUse(engine)))) await pause(500);
}

async function tryToUse(engine: Engine): Promise<boolean> {
  if (!(await isUp(engine))) {
    if (!(await makePlace())) return false;
    await startServer(engine, 'tests', () => undefined);
  }
  const record = readRecord(engine.name);
  if (record) writeRecord(engine.name, { ...record, users: [...record.users, process.pid] });
  return true;
}

/** False while tests use all that is up. Where a person's engines take up all the room, starting says so. */
async function makePlace(): Promise<boolean> {
  const up = await enginesUp();
  if (up.length < AT_ONCE) return true;
  const ofTests = up.filter(({ name }) => readRecord(name)?.startedBy === 'tests');
  const unused = ofTests.find(({ name }) => !isInUse(readRecord(name)!));
  if (unused) await stopServer(unused);
  return unused !== undefined || ofTests.length === 0;
}

/** Stops the engines that tests started and none uses any more. */
export async function stopUnused(): Promise<void> {
  if (!engines.some(({ name }) => readRecord(name)?.startedBy === 'tests')) return;
  await withLock(async () => {
    for (const engine of engines) {
      const record = readRecord(engine.name);
      if (record?.startedBy === 'tests' && !isInUse(record)) await stopServer(engine);
    }
  });
}
