import type { TelemetryScope } from '../../../queries/analytic.js';
import type { Plan } from '../../../queries/plan.js';
import type {
  ArpRecord,
  Arrivals,
  ContactRecord,
  Holding,
  Launch,
  Original,
  Place,
  ProcessEvent,
  Program,
  Span,
  SubjectQuery,
  Suspect,
  Telemetry,
  Touched,
  Wanted,
} from '../../model/ports.js';
import type { Volumes } from '../../model/volume.js';
import type { HoldingsAsked, ProcessesAsked } from '../shared/asked.js';
import { together } from '../shared/together.js';
import { MOST_SUBJECTS, touchedSpans } from '../shared/touched-spans.js';
import { actedIn } from './acted.js';
import { contactsOf } from './contacts.js';
import { holdingsBy, launchesOf, originalsOf, placesOf, processEventsOf } from './episode-facts.js';
import { wantedLaunches } from './launches.js';
import { NEWLY_HELD, toldOfHolders } from './newly-held.js';
import {
  bigints,
  type DuckDBValue,
  type Parameters,
  type Store,
  texts,
  timed,
  toNumber,
  toText,
  toTextOrNull,
} from './store.js';
import { suspectsIn } from './suspects.js';
import { volumesIn } from './volumes.js';

/**
 * So many are hunted within the memory that was measured for it. Each slice also reads a day and more around its times for
 * the longest windows, so that smaller ones would cost more in all.
 */
const SLICE_ARRIVALS = 10_000_000;

/** Telemetry of the embedded store. Arrivals follow the commit sequence, not a clock. */
export class DuckDbTelemetry implements Telemetry {
  readonly overlapMs = 0; // what was committed is there
  /** Facts of many episodes that are asked for at once cost as much as those of one. */
  private readonly ask;

  /** @param mostInSlice arrivals that are hunted before later ones */
  constructor(
    private readonly store: Store,
    private readonly mostInSlice = SLICE_ARRIVALS,
  ) {
    this.ask = {
      launches: together((asked: readonly ProcessesAsked[]) => launchesOf(store, asked)),
      processEvents: together((asked: readonly ProcessesAsked[]) => processEventsOf(store, asked)),
      byAddress: together((asked: readonly HoldingsAsked[]) => holdingsBy(store, 'address', asked)),
      byHost: together((asked: readonly HoldingsAsked[]) => holdingsBy(store, 'host', asked)),
      places: together((asked: readonly (readonly string[])[]) => placesOf(store, asked)),
    };
  }

  async position(): Promise<number> {
    const [row] = await this.store.all('SELECT coalesce(max(number + events), 0)::BIGINT AS position FROM batches');
    return toNumber(row?.position);
  }

  async unread(): Promise<string[]> {
    return []; // the store is there whole, or can't be opened
  }

  async extent(): Promise<Span | undefined> {
    const [row] = await this.store.all(EXTENT);
    return row?.low == null ? undefined : { from: toNumber(row.low), to: toNumber(row.high) };
  }

  volumes(scope: TelemetryScope, span: Span): Promise<Volumes> {
    return volumesIn(this.store, scope, span);
  }

  /** By their number: imports come in no order of time, and telemetry that comes while it runs does all the same. */
  async sliceEnd({ after, until }: Arrivals): Promise<number> {
    return Math.min(until, after + this.mostInSlice);
  }

  async touched({ after, until }: Arrivals): Promise<Touched[]> {
    const arrived = { after: BigInt(after), until: BigInt(until) };
    const [hours, ofHolders, extent] = await Promise.all([
      this.store.all(TIMED.map(hoursOf).join(' UNION ALL '), arrived),
      toldOfHolders(this.store, arrived),
      this.extent(),
    ]);
    if (!extent) return [];
    const held = ofHolders ? await this.store.all(NEWLY_HELD_HOURS, ofHolders) : [];
    const spanOf = ({ low, high }: Record<string, DuckDBValue>) => ({ from: toNumber(low), to: toNumber(high) });
    const few = held.filter(({ address }) => address !== null);
    return touchedSpans(
      [...hours, ...held.filter(({ address }) => address === null)].map(spanOf),
      few.map((row) => ({ address: toText(row.address), ...spanOf(row) })),
      extent,
    );
  }

  async acted(arrivals: Arrivals, subjects: readonly string[]): Promise<string[]> {
    const extent = await this.extent();
    return extent && subjects.length > 0 ? actedIn(this.store, arrivals, subjects, extent) : [];
  }

  async arrived(): Promise<undefined> {
    return undefined; // arrivals are numbered as they are committed
  }

  suspects(plan: Plan, span: Span, subjects?: readonly string[]): Promise<Suspect[]> {
    return suspectsIn(this.store, plan, span, subjects);
  }

  contacts(wanted: readonly Wanted[]): AsyncIterable<{ subject: string; contacts: ContactRecord[] }> {
    return contactsOf(this.store, wanted);
  }

  async queries(wanted: readonly Wanted[]): Promise<SubjectQuery[]> {
    const rows = await this.store.all(
      `WITH ${WANTED} SELECT q.number::DOUBLE AS number, q.time::DOUBLE AS time, subject, source, name, hash
       FROM queries q JOIN wanted ON q.subject = wanted_subject AND q.time BETWEEN low AND high ORDER BY q.time, q.number`,
      spansOf(wanted),
    );
    return rows.map((row) => ({
      ...timed(row),
      subject: toText(row.subject),
      source: toTextOrNull(row.source),
      name: toText(row.name),
      hash: toTextOrNull(row.hash),
    }));
  }

  async arps(wanted: readonly Wanted[]): Promise<ArpRecord[]> {
    const rows = await this.store.all(
      `WITH ${WANTED} SELECT a.number::DOUBLE AS number, a.time::DOUBLE AS time, subject, source, target, is_reply
       FROM arps a JOIN wanted ON a.subject = wanted_subject AND a.time BETWEEN low AND high ORDER BY a.time, a.number`,
      spansOf(wanted),
    );
    return rows.map((row) => ({
      ...timed(row),
      subject: toText(row.subject),
      source: toText(row.source),
      target: toText(row.target),
      isReply: row.is_reply === true,
    }));
  }

  launches(
    plan: Plan,
    span: Span,
    isWanted: (program: Program) => boolean,
    subjects?: readonly string[],
  ): AsyncIterable<Launch[]> {
    return wantedLaunches(this.store, plan, span, isWanted, subjects);
  }

  launchesOf(host: string, processes: readonly string[], span: Span): Promise<Launch[]> {
    return this.ask.launches({ host, processes, span });
  }

  processEventsOf(host: string, processes: readonly string[], span: Span): Promise<ProcessEvent[]> {
    return this.ask.processEvents({ host, processes, span });
  }

  holdings(addresses: readonly string[], span: Span): Promise<Holding[]> {
    return this.ask.byAddress({ these: addresses, span });
  }

  addressesOf(hosts: readonly string[], span: Span): Promise<Holding[]> {
    return this.ask.byHost({ these: hosts, span });
  }

  places(evidence: readonly string[]): Promise<Place[]> {
    return this.ask.places(evidence);
  }

  originals(evidence: readonly string[]): Promise<Original[]> {
    return originalsOf(this.store, evidence);
  }
}

const TIMED = ['contacts', 'launches', 'process_events', 'queries', 'arps'] as const;

const endsOf = (table: string): string[] =>
  ['ASC', 'DESC'].map((direction) => `(SELECT time FROM ${table} ORDER BY time ${direction} LIMIT 1)`);

/** Each end reads a few row groups; as scalar subqueries they would take ten times as long to plan. */
const EXTENT = `SELECT min(time) AS low, max(time) AS high FROM (${TIMED.flatMap(endsOf).join(' UNION ALL ')})`;

const hoursOf = (table: string): string =>
  `SELECT time // 3600000 AS hour, min(time) AS low, max(time) AS high FROM ${table}
   WHERE number >= $after AND number < $until GROUP BY hour`;

/** Of few addresses each by itself, of more all together. */
const NEWLY_HELD_HOURS = `WITH held AS MATERIALIZED (${NEWLY_HELD})
  SELECT CASE WHEN (SELECT count(DISTINCT address) FROM held) <= ${MOST_SUBJECTS} THEN address END AS address,
    min(since) AS low, max(till) AS high FROM held GROUP BY 1, hour`;

const WANTED = 'wanted AS (SELECT unnest($subjects) AS wanted_subject, unnest($lows) AS low, unnest($highs) AS high)';

const spansOf = (wanted: readonly Wanted[]): Parameters => {
  const flat = wanted.flatMap(({ subject, spans }) => spans.map(({ from, to }) => ({ subject, from, to })));
  return {
    subjects: texts(flat.map(({ subject }) => subject)),
    lows: bigints(flat.map(({ from }) => BigInt(from))),
    highs: bigints(flat.map(({ to }) => BigInt(to))),
  };
};
