import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AlertDocument } from '../../server/jobs/final-alerts.js';
import type { Settings } from '../../server/jobs/settings.js';
import { isFinal } from '../../server/model/alert.js';
import { parseSubjectKey } from '../../server/model/subject.js';
import { SIZES } from '../simulate/office.js';
import { workingDay } from '../simulate/pace.js';
import { type SimulationOptions, simulate } from '../simulate/run.js';
import { inParallel } from './in-parallel.js';
import { isOf, type Judgement, judge, type KnownScan, sightingOf } from './known-scan.js';
import { allowedScans, expectedSources, parseLabels, scansByAnalytic } from './labels.js';
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
  /** Episodes that the settings silenced; where labels list sources, `allowed` tells what was silenced. */
  silenced: number;
  allowed: Allowed;
}

/** What was silenced, since the labels say that a site lists it as an expected scan source. */
interface Allowed {
  /** Scans that are to be found and silenced. */
  scans: readonly KnownScan[];
  missed: readonly KnownScan[];
  /** Hosts, or addresses, that would have alerts if the site did not list them. */
  sources: string[];
}

/** The bundled sample, from its folder. */
export async function evaluateSample(folder: string, settings: Settings): Promise<LabelledResult> {
  const telemetry = await readTelemetry([join(folder, 'lab'), join(folder, 'office')]);
  return evaluate('sample', telemetry, readFileSync(join(folder, 'labels.ndjson'), 'utf8'), settings);
}

/** What the simulator is told, and what it is called. */
export interface Simulation extends SimulationOptions {
  name: string;
}

/** Used nowhere else: the bundled sample is seed 7, the simulator's tests are 1, 7 and 42. */
export const SIMULATIONS: readonly Simulation[] = [
  ...[101, 202, 303, 404, 505].map((seed) => ({
    name: `simulated, seed ${seed}`,
    seed,
    start: Date.UTC(2026, 10, 24, 3),
    hours: 1,
  })),
  ...[606, 707].map((seed) => ({
    name: `simulated office by day, seed ${seed}`,
    seed,
    start: Date.UTC(2026, 10, 24, 9),
    hours: 1.25,
    size: { ...SIZES.medium, windows: 12, macs: 4 }, // as many as the procedures need: people's work takes most time
    presence: workingDay,
  })),
  {
    name: 'simulated office by night, seed 808',
    seed: 808,
    start: Date.UTC(2026, 10, 24, 1, 55),
    hours: 1.25,
    size: SIZES.medium,
    presence: workingDay,
  },
];

export const evaluateSimulated = (simulations: readonly Simulation[], settings: Settings): Promise<LabelledResult[]> =>
  inParallel(simulations, async ({ name, ...options }) => {
    const labels: string[] = [];
    const telemetry = await readTelemetry(['-'], telemetryOf(options, labels));
    return evaluate(name, telemetry, labels.join('\n'), settings);
  });

/** The telemetry as text; the labels apart. */
async function* telemetryOf(options: SimulationOptions, labels: string[]): AsyncGenerator<Buffer> {
  for (const { file, text } of simulate(options)) {
    if (file === 'labels.ndjson') labels.push(text);
    else yield Buffer.from(`${text}\n`);
  }
}

async function evaluate(
  name: string,
  { events, refused }: Telemetry,
  text: string,
  settings: Settings,
): Promise<LabelledResult> {
  const labels = parseLabels(text, `${name}: labels.ndjson`);
  const scans = scansByAnalytic(labels);
  const allowed = allowedScans(labels);
  const listed = expectedSources(labels);
  return Trial.of(events, async (trial) => {
    const { alerts, silenced, silencedAlerts } = await trial.hunt(withSources(settings, listed));
    return {
      name,
      events: events.length,
      contacts: trial.contacts,
      refused: refused + trial.refused,
      scans,
      judgement: judge(alerts, scans),
      alerts: alerts.filter(isFinal).length,
      silenced: listed.length === 0 ? silenced : 0,
      allowed: {
        scans: allowed,
        missed: allowed.filter((scan) => !silencedAlerts.some((alert) => isOf(scan, sightingOf(alert)))),
        sources: [...new Set(silencedAlerts.map(sourceOf))].sort(),
      },
    };
  });
}

const EXPECTED = 'ExpectedScanSources';

/** The settings, with more expected scan sources. */
function withSources(settings: Settings, sources: readonly string[]): Settings {
  if (sources.length === 0) return settings;
  const listed = settings.filter(([name]) => name === EXPECTED).flatMap(([, value]) => value);
  return [...settings.filter(([name]) => name !== EXPECTED), [EXPECTED, [...listed, ...sources]]];
}

/** The program's name with its host, or the address. */
function sourceOf({ scanhound, host }: AlertDocument): string {
  const { kind, key } = scanhound.subject;
  const subject = parseSubjectKey(key);
  return subject.kind === 'process'
    ? `${subject.process.split(/[\\/]/).at(-1)} on ${host?.name ?? subject.host}`
    : `${kind} ${subject.address}`;
}
