import { hasOwnNetworks, toAskersSql, toSuspectsSql } from '../../../queries/compile/duckdb.js';
import type { Platform } from '../../../queries/integration.js';
import { longestWindowMs, type Plan, windowSecondsOf } from '../../../queries/plan.js';
import { AddressSet } from '../../model/address.js';
import type { UserContext } from '../../model/observation.js';
import type {
  ArpRecord,
  Arrivals,
  ContactRecord,
  Holding,
  Launch,
  Original,
  ProcessEvent,
  Program,
  Span,
  SubjectQuery,
  Suspect,
  Telemetry,
  Wanted,
} from '../../model/ports.js';
import { coalesceSpans } from './spans.js';
import {
  bigints,
  type DuckDBValue,
  hugeNumbers,
  type Parameters,
  type Store,
  texts,
  toNumber,
  toNumberOrNull,
  toText,
  toTextOrNull,
} from './store.js';
import { type Columns, streamColumns } from './stream-columns.js';

const DAY_MS = 86_400_000;

/** What so many busy subjects do in a few days fits into memory: 16 of 2,000 contacts an hour are 2 million rows. */
const FEW_SUBJECTS = 16;

/** Telemetry of the embedded store. Arrivals follow the commit sequence, not a clock. */
export class DuckDbTelemetry implements Telemetry {
  constructor(private readonly store: Store) {}

  async position(): Promise<number> {
    const [row] = await this.store.all('SELECT coalesce(max(number + events), 0)::BIGINT AS position FROM batches');
    return toNumber(row?.position);
  }

  async extent(): Promise<Span | undefined> {
    const [row] = await this.store.all(
      `SELECT min(low) AS low, max(high) AS high FROM (${TIMED.map((table) => `SELECT min(time) AS low, max(time) AS high FROM ${table}`).join(' UNION ALL ')})`,
    );
    return row?.low == null ? undefined : { from: toNumber(row.low), to: toNumber(row.high) };
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
        // the join alone would read all of the table
        lowest: BigInt(spans.reduce((least, { from }) => Math.min(least, from), Number.MAX_SAFE_INTEGER)),
        highest: BigInt(spans.reduce((most, { to }) => Math.max(most, to), 0)),
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

  async *launches(
    plan: Plan,
    span: Span,
    isWanted: (program: Program) => boolean,
    subjects?: readonly string[],
  ): AsyncIterable<Launch[]> {
    const { container, platform, unattributed } = plan.telemetry;
    const condition = container
      ? "container <> ''"
      : `container = '' AND (platform = '${platform}'${unattributed ? ' OR platform IS NULL' : ''})`;
    const named = subjects === undefined ? '' : ' AND subject IN (SELECT unnest($subjects))';
    const where = `WHERE time BETWEEN $from AND $to AND ${condition}${named}`;
    const parameters = {
      from: BigInt(span.from),
      to: BigInt(span.to),
      ...(subjects && { subjects: texts(subjects) }),
    };
    const programs = await this.programs(where, parameters, isWanted);
    if (programs.length === 0) return;
    const pages = streamColumns(
      this.store,
      {
        tables: `wanted AS (SELECT ${PROGRAM_COLUMNS.map((column) => `unnest($${column}) AS ${column}`).join(', ')})`,
        select: `SELECT ${LAUNCH_COLUMNS} FROM (SELECT * FROM launches ${where}) AS launches SEMI JOIN wanted
          ON ${PROGRAM_COLUMNS.map((column) => `launches.${column} IS NOT DISTINCT FROM wanted.${column}`).join(' AND ')}`,
        order: 'time, number',
      },
      {
        ...parameters,
        executable: texts(programs.map(({ executable }) => executable)),
        name: texts(programs.map(({ name }) => name)),
        original_name: texts(programs.map(({ originalName }) => originalName)),
        arguments: texts(programs.map((program) => program.arguments)),
      },
    );
    for await (const columns of pages) yield launchesIn(columns);
  }

  async launchesOf(host: string, processes: readonly string[], { from, to }: Span): Promise<Launch[]> {
    const rows = await this.store.all(
      `SELECT ${LAUNCH_COLUMNS} FROM launches WHERE time BETWEEN $from AND $to AND host = $host
       AND process IN (SELECT unnest($processes)) ORDER BY time, number`,
      { from: BigInt(from), to: BigInt(to), host, processes: texts(processes) },
    );
    return rows.map(toLaunch);
  }

  async processEventsOf(host: string, processes: readonly string[], { from, to }: Span): Promise<ProcessEvent[]> {
    const rows = await this.store.all(
      `SELECT number::DOUBLE AS number, time::DOUBLE AS time, kind, subject, host, process, value FROM process_events
       WHERE time BETWEEN $from AND $to AND host = $host AND process IN (SELECT unnest($processes)) ORDER BY time, number`,
      { from: BigInt(from), to: BigInt(to), host, processes: texts(processes) },
    );
    return rows.map((row) => ({
      ...timed(row),
      kind: toText(row.kind) as ProcessEvent['kind'],
      subject: toText(row.subject),
      host: toText(row.host),
      process: toTextOrNull(row.process),
      value: toTextOrNull(row.value),
    }));
  }

  async holdings(addresses: readonly string[], span: Span): Promise<Holding[]> {
    return this.holders('address IN (SELECT unnest($these))', addresses, span);
  }

  async addressesOf(hosts: readonly string[], span: Span): Promise<Holding[]> {
    return this.holders('host IN (SELECT unnest($these))', hosts, span);
  }

  async originals(evidence: readonly string[]): Promise<Original[]> {
    const numbers = evidence.filter((one) => /^\d{1,15}$/.test(one)).map(BigInt);
    const rows = await this.store.all(
      'SELECT number, "index", id, original FROM originals WHERE number IN (SELECT unnest($numbers)) ORDER BY number',
      { numbers: bigints(numbers) },
    );
    return rows.map((row) => ({
      evidence: toText(row.number),
      index: toText(row.index),
      id: toText(row.id),
      original: toText(row.original),
    }));
  }

  /** Few programs make most of the launches: each is judged once. */
  private async programs(
    where: string,
    parameters: Parameters,
    isWanted: (program: Program) => boolean,
  ): Promise<Program[]> {
    const columns = PROGRAM_COLUMNS.join(', ');
    const pages = streamColumns(
      this.store,
      {
        select: `SELECT min(number)::DOUBLE AS number, ${columns} FROM launches ${where} GROUP BY ${columns}`,
        order: 'number',
      },
      parameters,
    );
    const programs: Program[] = [];
    for await (const { executable, name, original_name: originalName, arguments: args } of pages)
      for (let row = 0; row < executable!.length; row++) {
        const program = {
          executable: toTextOrNull(executable![row]),
          name: toTextOrNull(name![row]),
          originalName: toTextOrNull(originalName![row]),
          arguments: toTextOrNull(args![row]),
        };
        if (isWanted(program)) programs.push(program);
      }
    return programs;
  }

  private async holders(condition: string, these: readonly string[], { from, to }: Span): Promise<Holding[]> {
    const rows = await this.store.all(
      `SELECT address, host, min(host_name) AS host_name, container, min(platform) AS platform,
         time::DOUBLE AS low, max(last)::DOUBLE AS high
       FROM holders WHERE last >= $from AND time <= $to AND ${condition} GROUP BY address, host, container, time ORDER BY ALL`,
      { from: BigInt(from - DAY_MS), to: BigInt(to + DAY_MS), these: texts(these) },
    );
    return rows.map((row) => ({
      address: toText(row.address),
      host: toText(row.host),
      hostName: toTextOrNull(row.host_name),
      container: toText(row.container),
      platform: toTextOrNull(row.platform) as Platform | null,
      from: toNumber(row.low),
      to: toNumber(row.high),
    }));
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

const PROGRAM_COLUMNS = ['executable', 'name', 'original_name', 'arguments'] as const;

const LAUNCH_COLUMNS = `number::DOUBLE AS number, time::DOUBLE AS time, subject, host, host_name, platform, container, process,
  parent, pid, parent_pid, executable, name, original_name, arguments, parent_executable, parent_arguments, "user", context, hash`;

type RowObject = Record<string, DuckDBValue>;

const timed = (row: RowObject) => ({ time: toNumber(row.time), evidence: toText(row.number) });

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

const launchesIn = (columns: Columns): Launch[] =>
  columns.subject!.map((_, row) =>
    toLaunch(Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values[row]!]))),
  );

const toLaunch = (row: RowObject): Launch => ({
  ...timed(row),
  subject: toText(row.subject),
  host: toText(row.host),
  hostName: toTextOrNull(row.host_name),
  platform: toTextOrNull(row.platform) as Platform | null,
  container: toText(row.container),
  process: toTextOrNull(row.process),
  parent: toTextOrNull(row.parent),
  pid: toNumberOrNull(row.pid),
  parentPid: toNumberOrNull(row.parent_pid),
  executable: toTextOrNull(row.executable),
  name: toTextOrNull(row.name),
  originalName: toTextOrNull(row.original_name),
  arguments: toTextOrNull(row.arguments),
  parentExecutable: toTextOrNull(row.parent_executable),
  parentArguments: toTextOrNull(row.parent_arguments),
  user: toTextOrNull(row.user),
  context: toTextOrNull(row.context) as UserContext | null,
  hash: toTextOrNull(row.hash),
});
