import type { AlertDocument } from '../../server/jobs/final-alerts.js';
import type { Settings } from '../../server/jobs/settings.js';
import { isFinal } from '../../server/model/alert.js';
import { groupBy } from '../../server/model/group-by.js';
import type { ImportedEvent } from '../../server/model/ports.js';
import { inParallel } from './in-parallel.js';
import { type Judgement, judge, sightingOf } from './known-scan.js';
import { type HostOf, type LabFormat, type LabTelemetry, ofPhase } from './lab-telemetry.js';
import { type Label, scansOf } from './labels.js';
import { shift, timeOf } from './telemetry.js';
import { type Reached, Trial } from './trial.js';

/**
 * Against the clock: seconds of a minute, minutes of ten and of an hour, hours of a day, since telemetry is read in
 * buckets of these. The last puts midnight in the midst of the scans.
 */
export const OFFSETS_MS = [
  [0, 0, 0],
  [0, 0, 5],
  [0, 1, 10],
  [0, 2, 15],
  [0, 4, 20],
  [1, 5, 25],
  [3, 8, 30],
  [6, 13, 35],
  [9, 27, 40],
  [12, 41, 45],
  [18, 58, 50],
  [20, 44, 55],
].map(([hours = 0, minutes = 0, seconds = 0]) => ((hours * 60 + minutes) * 60 + seconds) * 1_000);

/** So far apart, no window, polling or launch reaches from one phase to the next. */
const APART_MS = 4 * 86_400_000;

interface PhaseRun {
  label: Label;
  reached: Reached[];
  /** Scans: told by an alert. Benign work: kept quiet. */
  isRight: boolean;
  /** Standing alerts outside any scan, as they put it. */
  extra: string[];
}

/** One format's run, or several formats' together. */
export interface LabResult {
  name: string;
  /** Alerts that stand at the end of the whole run. */
  alerts: number;
  whole: Judgement;
  /** With each phase's records hunted alone. */
  alone: PhaseRun[];
  /** At how many other offsets it was hunted, and at which of them something else was found. */
  offsets: number;
  unequal: number[];
  silenced: number;
}

/** What a format, or several formats' records together, are called. */
export interface LabSet {
  name: string;
  formats: readonly LabFormat[];
  /** Its phases tell of margins; the others hold the same records in another form, or all of them. */
  isMeasured: boolean;
  /** Whether it is hunted at the other offsets too. */
  isMoved: boolean;
}

const FORMATS: readonly LabFormat[] = ['Zeek TSV', 'Zeek JSON', 'EVE', 'audit log', 'laurel', 'ECS'];

/** Sensors of the network and an agent on the hosts, as a site has them. */
export const TOGETHER: LabSet = {
  name: 'Zeek + EVE + ECS',
  formats: ['Zeek TSV', 'EVE', 'ECS'],
  isMeasured: false,
  isMoved: true,
};

/** Three agents that tell of the same processes, two of which do not name the host: several alerts a scan. */
export const ALL: LabSet = { name: 'all six', formats: FORMATS, isMeasured: false, isMoved: false };

/** Each format by itself, then together. */
export const LAB_SETS: readonly LabSet[] = [
  ...FORMATS.map((name) => ({
    name,
    formats: [name],
    isMeasured: TOGETHER.formats.includes(name),
    isMoved: true,
  })),
  TOGETHER,
  ALL,
];

interface LabOptions {
  /** Of the lab only. */
  labels: readonly Label[];
  settings: Settings;
  offsetsMs: readonly number[];
}

export interface LabInput extends LabOptions {
  telemetry: readonly LabTelemetry[];
  hostOf: HostOf;
}

/** What a thread is told: plain data. */
export interface LabTask extends LabOptions {
  /** The lab's run. */
  folder: string;
  sets: readonly LabSet[];
}

export async function evaluateLab({ name, formats, isMeasured, isMoved }: LabSet, input: LabInput): Promise<LabResult> {
  const { labels, settings } = input;
  const events = input.telemetry.filter(({ format }) => formats.includes(format)).flatMap((one) => one.events);
  const phases = labels.map((label) => ({ label, events: ofPhase(events, label, input.hostOf) }));
  const whole = await Trial.of(events, (trial) => trial.hunt(settings));
  const alone = await inParallel(phases, (phase) => huntPhase(phase, isMeasured, settings));
  const parts = [events, ...phases.map((phase) => phase.events)];
  const prints = [fingerprint(whole.alerts, 0), ...alone.map(({ print }) => print)];
  const offsets = isMoved ? input.offsetsMs.filter((offset) => offset !== 0) : [];
  const moved = await inParallel(offsets, (offset) => huntApart(parts, offset, settings));
  return {
    name,
    alerts: whole.alerts.filter(isFinal).length,
    whole: judge(whole.alerts, scansOf(labels)),
    alone: alone.map(({ run }) => run),
    offsets: offsets.length,
    unequal: offsets.filter((_, index) => moved[index]!.some((print, part) => print !== prints[part])),
    silenced: whole.silenced,
  };
}

interface Phase {
  label: Label;
  events: readonly ImportedEvent[];
}

const huntPhase = ({ label, events }: Phase, isMeasured: boolean, settings: Settings) =>
  Trial.of(events, async (trial) => {
    const { alerts } = await trial.hunt(settings);
    const { missed, extra } = judge(alerts, scansOf([label]));
    const run: PhaseRun = {
      label,
      reached: isMeasured ? await trial.reached() : [],
      isRight: missed.length + extra.length === 0,
      extra: extra.map(({ event }) => event.reason),
    };
    return { run, print: fingerprint(alerts, 0) };
  });

/** The whole run and each phase in one store, days apart, and all moved by the offset: what each part gives. */
async function huntApart(
  parts: readonly (readonly ImportedEvent[])[],
  offsetMs: number,
  settings: Settings,
): Promise<string[]> {
  const moves = parts.map((_, index) => offsetMs + index * APART_MS);
  const moved = parts.flatMap((events, index) => shift(events, moves[index]!));
  const { alerts } = await Trial.of(moved, (trial) => trial.hunt(settings, true));
  const first = Math.min(...(parts[0] ?? []).map((event) => timeOf(event) ?? Number.POSITIVE_INFINITY));
  const partOf = (alert: AlertDocument) => Math.floor((sightingOf(alert).start - first - offsetMs) / APART_MS);
  const byPart = groupBy(alerts, partOf);
  return moves.map((move, index) => fingerprint(byPart.get(index) ?? [], move));
}

/** What alerts say, without ids and times of writing, as if the telemetry had not been moved. */
function fingerprint(alerts: readonly AlertDocument[], movedMs: number): string {
  const back = (time: string) => Date.parse(time) - movedMs;
  return alerts
    .map(({ scanhound, event }) =>
      JSON.stringify([
        ...[scanhound.analytic, scanhound.subject.key, scanhound.state, scanhound.shape, scanhound.severity],
        ...[event.risk_score, back(event.start), back(event.end), scanhound.targets, scanhound.outcomes],
        scanhound.measures.map((measure) => ({ ...measure, start: back(measure.start), end: back(measure.end) })),
      ]),
    )
    .sort()
    .join('\n');
}
