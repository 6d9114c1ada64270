import type { TelemetryScope } from '../../../queries/analytic.js';
import { hasOwnNetworks, toAskersSql, toSuspectsSql } from '../../../queries/compile/duckdb.js';
import { longestWindowMs, type Plan, windowSecondsOf } from '../../../queries/plan.js';
import { AddressSet } from '../../model/address.js';
import { DAY_MS } from '../../model/episode.js';
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
  Wanted,
} from '../../model/ports.js';
import type { Volumes } from '../../model/volume.js';
import type { HoldingsAsked, ProcessesAsked } from '../shared/asked.js';
import { coalesceSpans } from '../shared/coalesce-spans.js';
import { together } from '../shared/together.js';
import { holdingsBy, launchesOf, originalsOf, placesOf, processEventsOf, rangeOf } from './episode-facts.js';
import { wantedLaunches } from './launches.js';
import {
  bigints,
  hugeNumbers,
  type Parameters,
  type Store,
  texts,
  timed,
  toNumber,
  toText,
  toTextOrNull,
} from './store.js';
import { type Columns, streamColumns } from './stream-columns.js';
import { volumesIn } from './volumes.js';

/** What so many busy subjects do in a few days fits into memory: 16 of 2,000 contacts an hour are 2 million rows. */
const FEW_SUBJECTS = 16;

/** Telemetry of the embedded store. Arrivals follow the commit sequence, not a clock. */
export class DuckDbTelemetry implements Telemetry {
  readonly overlapMs = 0; // what was committed is there
  /** Facts of many episodes that are asked for at once cost as much as those of one. */
  private readonly ask;

  constructor(private readonly store: Store) {
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
    const [row] = await this.store.all(
      `SELECT min(low) AS low, max(high) AS high FROM (${TIMED.map((table) => `SELECT min(time) AS low, max(time) AS high FROM ${table}`).join(' UNION ALL ')})`,
    );
    return row?.low == null ? undefined : { from: toNumber(row.low), to: toNumber(row.high) };
  }

  volumes(scope: TelemetryScope, span: Span): Promise<Volumes> {
    return volumesIn(this.store, scope, span);
  }

  /**
   * Always all: it holds what was imported, file after file, in no order of time. Parts of it would touch the same times
   * again and again.
   */
  async sliceEnd({ until }: Arrivals): Promise<number> {
    return until;
  }

  async touched({ after, until }: Arrivals): Promise<Span[]> {
    const hours = [...TIMED.map((table) => hoursOf(table, 'time', 'time')), NEWLY_HELD];
    const rows = await this.store.all(
      `SELECT hour, min(low) AS low, max(high) AS high FROM (${hours.join(' UNION ALL ')}) GROUP BY hour ORDER BY low`,
      { after: BigInt(after), until: BigInt(until) },
    );
    const extent = await this.extent();
    if (!extent) return [];
    const spans = rows.map(({ low, high }) => ({
      from: Math.max(toNumber(low), extent.from),
      to: Math.min(toNumber(high), extent.to),
    }));
    return coalesceSpans(spans.filter(({ from, to }) => from <= to));
  }

  async suspects(plan: Plan, span: Span, subjects?: readonly string[]): Promise<Suspect[]> {
    const longest = longestWindowMs(plan);
    const range = { from: Math.floor(span.from / longest - 1) * longest, to: span.to };
    const held = await this.heldBy(plan, range);
    const whose = subjects === undefined ? 'all' : subjects.length <= FEW_SUBJECTS ? 'few' : 'many';
    const parameters: Parameters = {
      history: BigInt(range.from - plan.polling.lookbackMs),
      from: BigInt(range.from),
      to: BigInt(range.to),
      held: texts(held),
      ...(subjects && { subjects: texts(subjects) }),
      ...ownBounds(plan),
    };
    const regions = new Map<string, Suspect['regions']>();
    const add = (subject: string, windowSeconds: number, ends: Span) => {
      const known = regions.get(subject) ?? regions.set(subject, []).get(subject)!;
      known.push({ windowSeconds, ends: { from: Math.max(ends.from, span.from), to: Math.min(ends.to, span.to) } });
    };
    for (const row of await this.store.all(toSuspectsSql(plan, whose), parameters)) {
      const seconds = toNumber(row.window_seconds);
      const from = toNumber(row.bucket) * seconds * 1_000;
      const to = from + seconds * 1_000 - 1;
      if (to >= span.from && from <= span.to) add(toText(row.subject), seconds, { from, to });
    }
    const askers = toAskersSql(plan, whose);
    if (askers !== undefined)
      for (const row of await this.store.all(askers, parameters))
        for (const seconds of windowSecondsOf(plan.measures)) add(toText(row.subject), seconds, span);
    return [...regions].map(([subject, own]) => ({ subject, regions: own }));
  }

  async *contacts(wanted: readonly Wanted[]): AsyncIterable<{ subject: string; contacts: ContactRecord[] }> {
    const spans = wanted.flatMap((one) => one.spans);
    if (spans.length === 0) return;
    let subject: string | undefined;
    let contacts: ContactRecord[] = [];
    const pages = streamColumns(
      this.store,
      {
        tables: WANTED,
        select: `SELECT ${CONTACT_COLUMNS} FROM contacts c JOIN wanted ON c.subject = wanted_subject AND c.time BETWEEN low AND high
          WHERE c.time BETWEEN $lowest AND $highest`,
        order: 'subject, time, number',
      },
      {
        ...spansOf(wanted),
        ...rangeOf(spans), // the join alone would read all of the table
      },
    );
    for await (const columns of pages) {
      const contactAt = contactsIn(columns);
      const subjects = columns.subject as readonly string[];
      for (let row = 0; row < subjects.length; row++) {
        const own = subjects[row]!;
        if (own !== subject) {
          if (subject !== undefined) yield { subject, contacts };
          subject = own;
          contacts = [];
        }
        contacts.push(contactAt(row));
      }
    }
    if (subject !== undefined) yield { subject, contacts };
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

  /** Addresses that hosts of this analytic were seen with: their flows may be its own. */
  private async heldBy({ telemetry }: Plan, { from, to }: Span): Promise<string[]> {
    if (telemetry.unattributed) return [];
    const condition = telemetry.container ? "container <> ''" : `container = '' AND platform = '${telemetry.platform}'`;
    const rows = await this.store.all(
      `SELECT DISTINCT address FROM holders WHERE last >= $from AND time <= $to AND ${condition}`,
      { from: BigInt(from - DAY_MS), to: BigInt(to + DAY_MS) },
    );
    return rows.map(({ address }) => toText(address));
  }
}

const TIMED = ['contacts', 'launches', 'process_events', 'queries', 'arps'] as const;

const hoursOf = (table: string, low: string, high: string): string =>
  `SELECT time // 3600000 AS hour, min(${low}) AS low, max(${high}) AS high FROM ${table}
   WHERE number >= $after AND number < $until GROUP BY hour`;

/**
 * When an address is known to be held from now on: a day around, less what earlier records of the same host tell
 * already. A host that goes on using its address touches nothing.
 */
const NEWLY_HELD = `SELECT time // 3600000 AS hour, min(since) AS low, max(last) + ${DAY_MS} AS high FROM (
    SELECT fresh.time, fresh.last, greatest(fresh.time - ${DAY_MS}, coalesce(max(known.last) + ${DAY_MS} + 1, 0)) AS since
    FROM (SELECT * FROM holders WHERE number >= $after AND number < $until) AS fresh
    LEFT JOIN (SELECT * FROM holders WHERE number < $after) AS known
      ON known.address = fresh.address AND known.host = fresh.host AND known.container = fresh.container
      AND known.host_name IS NOT DISTINCT FROM fresh.host_name AND known.platform IS NOT DISTINCT FROM fresh.platform
      AND known.time <= fresh.time
    GROUP BY fresh.number, fresh.address, fresh.time, fresh.last
  ) WHERE since <= last + ${DAY_MS} GROUP BY hour`;

const WANTED = 'wanted AS (SELECT unnest($subjects) AS wanted_subject, unnest($lows) AS low, unnest($highs) AS high)';

const spansOf = (wanted: readonly Wanted[]): Parameters => {
  const flat = wanted.flatMap(({ subject, spans }) => spans.map(({ from, to }) => ({ subject, from, to })));
  return {
    subjects: texts(flat.map(({ subject }) => subject)),
    lows: bigints(flat.map(({ from }) => BigInt(from))),
    highs: bigints(flat.map(({ to }) => BigInt(to))),
  };
};

function ownBounds(plan: Plan): Parameters {
  if (!hasOwnNetworks(plan)) return {};
  const bounds = new AddressSet(plan.tunables.OwnNetworks as readonly string[]).bounds();
  return {
    own_from: hugeNumbers(bounds.map(({ from }) => from)),
    own_to: hugeNumbers(bounds.map(({ to }) => to)),
  };
}

const CONTACT_COLUMNS = `c.number::DOUBLE AS number, c.time::DOUBLE AS time, c.subject, c.source, c.destination, c.port, c.transport,
  c.outcome, c.scope, c.context, c.process, c.user, c.namespace, c.destination_namespace, c.host_name, c.platform, c.container`;

/** Contacts of a page by their place: columns hold numbers and texts as they are. */
function contactsIn(columns: Columns): (row: number) => ContactRecord {
  const { number, time, source, destination, port, transport, outcome, scope, context } = columns;
  const { process, user, namespace, destination_namespace, host_name, platform, container } = columns;
  return (row) =>
    ({
      time: time![row],
      evidence: String(number![row]),
      destination: destination![row],
      port: port![row],
      transport: transport![row],
      outcome: outcome![row],
      scope: scope![row],
      context: context![row],
      source: source![row],
      process: process![row],
      user: user![row],
      namespace: namespace![row],
      destinationNamespace: destination_namespace![row],
      hostName: host_name![row],
      platform: platform![row],
      container: container![row],
    }) as ContactRecord;
}
