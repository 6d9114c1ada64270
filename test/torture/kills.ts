import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Random } from '../../scripts/simulate/random.js';
import type { StoreSettings } from '../../server/open-backend.js';
import { stepOf } from './steps.js';

const CHILD = fileURLToPath(new URL('./child.js', import.meta.url));

/** Where a process was killed: the last call of a port that it told; undefined when it had ended before. */
export type Fell = string | undefined;

/** Works in a process that kills itself before its n-th call of a port, from 1. Throws where the work fails by itself. */
export const killedBefore = (call: number, site: string, store: StoreSettings): Promise<Fell> =>
  killed([site, JSON.stringify(store), String(call)], async () => undefined);

/**
 * Works in a process that is killed shortly after some call of a step.
 * @param calls how many the step has in undisturbed work: where this work has fewer, it may end before
 */
export function killedInStep(
  random: Random,
  { step, calls }: { step: string; calls: number },
  site: string,
  store: StoreSettings,
): Promise<Fell> {
  const after = random.integer(1, calls);
  const delayMs = random.next() * (step === 'opening' ? 200 : 8);
  let told = 0;
  return killed([site, JSON.stringify(store)], async (call, kill) => {
    if (stepOf(call) !== step || ++told !== after) return;
    await wait(delayMs);
    kill();
  });
}

async function killed(
  args: readonly string[],
  onCall: (call: string, kill: () => void) => Promise<void>,
): Promise<Fell> {
  const child = spawn(process.execPath, [CHILD, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close') as Promise<[code: number | null, signal: NodeJS.Signals | null]>;
  const complaint: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => complaint.push(chunk));
  let last: Fell;
  createInterface({ input: child.stdout }).on('line', (line) => {
    last = line;
    void onCall(line, () => child.kill('SIGKILL'));
  });
  const [code, signal] = await ended;
  if (signal === 'SIGKILL') return last;
  if (code !== 0) throw new Error(`The work failed after ${last}: ${Buffer.concat(complaint)}`);
  return undefined;
}
