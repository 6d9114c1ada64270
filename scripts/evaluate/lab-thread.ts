import { parentPort, workerData } from 'node:worker_threads';
import { evaluateLab, type LabResult, type LabTask } from './lab.js';
import { readLab } from './lab-telemetry.js';

/** One thread of `lab-threads.ts`: its sets in turn. */
const { sets, folder, ...input } = workerData as LabTask;
const lab = await readLab(folder, new Set(sets.flatMap(({ formats }) => formats)));
const results: LabResult[] = [];
for (const set of sets) results.push(await evaluateLab(set, { ...lab, ...input }));
parentPort?.postMessage(results);
