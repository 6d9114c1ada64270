import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../../server/jobs/settings.js';
import { isFinal } from '../../server/model/alert.js';
import { simulate } from '../simulate/run.js';
import { inParallel } from './in-parallel.js';
import { type Judgement, judge, type KnownScan } from './known-scan.js';
import { parseLabels, scansByAnalytic } from './labels.js';
import { readTelemetry, type Telemetry } from './telemetry.js';
import { Trial } from './trial.js';

/** Telemetry with labels of its own: the bundled sample, or one seed of the simulator. */
export interface LabelledResult {
  name: string;
  events: number;
  contacts: number;
  refused: number;
  scans: readonly KnownScan[];
  judgement: Judgement;
  alerts: number;
  silenced: number;
}

/** The bundled sample, from its folder. */
export async function evaluateSample(folder: string, settings: Settings): Promise<LabelledResult> {
  const telemetry = await readTelemetry([join(folder, 'lab'), join(folder, 'office')]);
  return evaluate('sample', telemetry, readFileSync(join(folder, 'labels.ndjson'), 'utf8'), settings);
}

/** One hour of the simulated office for each seed. */
export const evaluateSimulated = (seeds: readonly number[], settings: Settings): Promise<LabelledResult[]> =>
  inParallel(seeds, async (seed) => {
    const lines: string[] = [];
    const labels: string[] = [];
    for (const { file, text } of simulate({ seed, start: START, hours: 1 }))
      (file === 'labels.ndjson' ? labels : lines).push(text);
    const telemetry = await readTelemetry(['-'], asStream(lines));
    return evaluate(`simulated, seed ${seed}`, telemetry, labels.join('\n'), settings);
  });

const START = Date.UTC(2026, 10, 24, 3);

async function* asStream(lines: readonly string[]): AsyncGenerator<Buffer> {
  for (const line of lines) yield Buffer.from(`${line}\n`);
}

async function evaluate(
  name: string,
  { events, refused }: Telemetry,
  labels: string,
  settings: Settings,
): Promise<LabelledResult> {
  const scans = scansByAnalytic(parseLabels(labels, `${name}: labels.ndjson`));
  return Trial.of(events, async (trial) => {
    const { alerts, silenced } = await trial.hunt(settings);
    return {
      name,
      events: events.length,
      contacts: trial.contacts,
      refused: refused + trial.refused,
      scans,
      judgement: judge(alerts, scans),
      alerts: alerts.filter(isFinal).length,
      silenced,
    };
  });
}
