import { activitiesOf } from './activities.js';
import type { Activity, LabelText, OfficeEvent } from './events.js';
import { writerOf, type ZeekFormat } from './formats/index.js';
import { mergeByTime } from './merge.js';
import { Office, type OfficeSize, SIZES } from './office.js';
import { everyHour } from './pace.js';

export interface SimulationOptions {
  /** The same seed gives the same telemetry. */
  seed: number;
  /** Epoch milliseconds. */
  start: number;
  /** Benign work fills them; each scan happens once in each 24 of them. At least one. */
  hours: number;
  /** That of the bundled sample unless told. */
  size?: OfficeSize;
  /** How many times as much as usual happens; clockwork and scans aside. 1 unless told. */
  rate?: number;
  /** The share of people at work at a time, 0 to 1. All, at every hour, unless told. */
  presence?: (at: number) => number;
  zeek?: ZeekFormat;
}

/** Records of one kind go to one file. */
export interface SimulatedLine {
  file: string;
  text: string;
}

interface Watched {
  text: LabelText;
  first: number;
  last: number;
}

const HOUR_MS = 3_600_000;
const LABELS = 'labels.ndjson';

/**
 * An office at work, and scans in it. Lines come in the order of time, one at a time; the labels at the end. Of each
 * activity one event is held, so that neither the span nor the rate costs memory.
 */
export function* simulate(options: SimulationOptions): Generator<SimulatedLine> {
  const { seed, start, hours, size = SIZES.small, rate = 1, presence = everyHour, zeek = 'json' } = options;
  const labels: Watched[] = [];
  const office = new Office(size);
  const write = writerOf(office, zeek);
  const stage = { office, seed, pace: { rate, presence }, from: start, until: start + hours * HOUR_MS };
  const watched = activitiesOf(stage).map((activity) => watch(activity, labels));
  for (const event of mergeByTime(watched)) yield* write(event);
  labels.sort((a, b) => a.first - b.first);
  for (const label of labels) yield { file: LABELS, text: JSON.stringify(toLabel(label)) };
}

/** Notes when an activity's events begin and end. */
function* watch({ label, events }: Activity, labels: Watched[]): Generator<OfficeEvent> {
  let noted: Watched | undefined;
  for (const event of events) {
    if (!noted) {
      noted = { text: label, first: event.at, last: event.at };
      labels.push(noted);
    }
    noted.last = event.at;
    yield event;
  }
}

function toLabel({ text, first, last }: Watched): object {
  const { phase, kind, machine, tool, what, command, analytic, beyond, isExpected } = text;
  const { container } = machine;
  return {
    phase,
    kind,
    who: container ? container.node.name : machine.name,
    ip: machine.address,
    ...(container && { container: container.id, pod: container.pod }),
    tool,
    what,
    ...(command === undefined ? {} : { command }),
    ...(analytic === undefined ? {} : { analytic }),
    ...(beyond === undefined ? {} : { beyond }),
    ...(isExpected && { expected: true }),
    start: new Date(first).toISOString(),
    end: new Date(last).toISOString(),
  };
}
