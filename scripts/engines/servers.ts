import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { prepare } from './commands.js';
import { clusterNameOf, type Engine, engines } from './engine.js';
import { fetchEngine } from './fetch-engine.js';
import { makeEnginesFolder, runFolder } from './folder.js';
import { healthOf } from './health.js';
import { findJava, whatIsMissing } from './java.js';
import { isRunning, startDetached, stopAll } from './processes.js';
import { type EngineRecord, readRecord, writeRecord } from './record.js';

/** Each takes a gigabyte, and these machines are small. */
export const AT_ONCE = 2;
const READY_MS = 120_000;

/**
 * Starts an engine that is not up, and waits until it answers. To be called under the lock.
 *
 * @throws Error that names the remedy: without Java or Maven, with two others up, or when it does not come up.
 */
export async function startServer(
  engine: Engine,
  startedBy: EngineRecord['startedBy'],
  say: (line: string) => void,
): Promise<void> {
  const missing = whatIsMissing();
  if (missing !== undefined) throw new Error(`There is ${missing}.`);
  const others = await enginesUp();
  if (others.length >= AT_ONCE) {
    const names = others.map(({ name }) => name);
    throw new Error(
      `${names.join(' and ')} are up, and no more than ${AT_ONCE} engines run at once: npm run engines -- stop ${names[0]}`,
    );
  }
  makeEnginesFolder();
  await stopServer(engine); // what a start that failed left
  const programs = await fetchEngine(engine, say);
  const folder = runFolder(engine.name);
  mkdirSync(folder, { recursive: true });
  const pids: number[] = [];
  for (const command of prepare(engine, programs, findJava()!)) {
    pids.push(startDetached(command, folder));
    writeRecord(engine.name, { pids, startedBy, users: [] });
  }
  say(`starting ${engine.name}, log: ${path.join(folder, 'log')}`);
  await waitUntilReady(engine, pids);
}

/** Stops an engine and removes its data; one that does not run is fine. To be called under the lock. */
export async function stopServer({ name }: Engine): Promise<void> {
  await stopAll(readRecord(name)?.pids ?? []);
  rmSync(runFolder(name), { recursive: true, force: true });
}

/** The engines that answer now, whoever started them. */
export async function enginesUp(): Promise<Engine[]> {
  const answers = await Promise.all(engines.map(isUp));
  return engines.filter((_, at) => answers[at]);
}

/** Whether the engine answers with all its nodes. Throws when something else does. */
export async function isUp(engine: Engine): Promise<boolean> {
  const health = await healthOf(engine);
  if (health?.cluster_name === undefined) return false; // down, or up, and has no master yet
  if (health.cluster_name !== clusterNameOf(engine))
    throw new Error(`Port ${engine.ports[0]} of ${engine.name} is taken by the cluster ${health.cluster_name}.`);
  return health.number_of_nodes === engine.ports.length;
}

async function waitUntilReady(engine: Engine, pids: readonly number[]): Promise<void> {
  for (const started = performance.now(); !(await isUp(engine)); ) {
    const isGone = !pids.every(isRunning);
    if (isGone || performance.now() - started > READY_MS) {
      const lines = tail(path.join(runFolder(engine.name), 'log'));
      await stopAll(pids);
      throw new Error(`${engine.name} ${isGone ? 'ended' : 'did not answer in time'}. Its log ends with:\n${lines}`);
    }
    await pause(250);
  }
}

const tail = (file: string): string =>
  existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').slice(-15).join('\n') : '';
