import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { LabResult, LabSet, LabTask } from './lab.js';

/**
 * Each set in one of as many threads as there are processors: most of the time goes into judging, which keeps a thread
 * busy. The results are in the order of the sets.
 */
export async function evaluateLabInThreads(sets: readonly LabSet[], task: Omit<LabTask, 'sets'>): Promise<LabResult[]> {
  const threads = Math.min(availableParallelism(), sets.length);
  const shares = Array.from({ length: threads }, (_, thread) => sets.filter((_, index) => index % threads === thread));
  const results = await Promise.all(shares.map((share) => inThread({ ...task, sets: share })));
  return sets.map((_, index) => results[index % threads]![Math.floor(index / threads)]!);
}

const inThread = (task: LabTask): Promise<LabResult[]> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./lab-thread.js', import.meta.url), { workerData: task });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`The thread ended with ${code} and no result.`)));
  });
