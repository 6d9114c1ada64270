import { AppError } from '../../model/app-error.js';
import type { ContactRecord, Wanted } from '../../model/ports.js';
import { rangeOf } from './episode-facts.js';
import { inGroups } from './in-groups.js';
import { isOutOfMemory } from './in-halves.js';
import { bigints, hashes, type Store } from './store.js';
import { type Columns, streamColumns } from './stream-columns.js';

/** What many contacts of a subject have in common: read once as one text, beside the first of them that came. */
const COMMON = [
  ...['subject', 'source', 'transport', 'outcome', 'scope', 'context', 'process', '"user"', 'namespace'],
  ...['destination_namespace', 'host_name', 'platform', 'container'],
];

type OfSubject = { subject: string; contacts: ContactRecord[] };

/** Contacts of each subject in time order, subject after subject. What a group did in windows that may fire fits into memory, as a rule. */
export async function* contactsOf(store: Store, wanted: readonly Wanted[]): AsyncIterable<OfSubject> {
  for (const group of inGroups(wanted)) yield* readInHalves(store, group);
}

/** What does not fit into DuckDB's memory, which may show by a stream that ends early, is read in halves. */
async function* readInHalves(store: Store, wanted: readonly Wanted[]): AsyncIterable<OfSubject> {
  const left = new Map(wanted.map((one) => [one.subject, one]));
  try {
    for await (const one of readContacts(store, wanted)) {
      left.delete(one.subject);
      yield one;
    }
  } catch (error) {
    const isShort = isOutOfMemory(error) || (error instanceof AppError && error.code === 'STREAM_CUT');
    if (wanted.length < 2 || !isShort) throw error;
    const rest = [...left.values()];
    const half = Math.ceil(rest.length / 2);
    yield* readInHalves(store, rest.slice(0, half));
    yield* readInHalves(store, rest.slice(half));
  }
}

async function* readContacts(store: Store, wanted: readonly Wanted[]): AsyncIterable<OfSubject> {
  const spans = wanted.flatMap((one) => one.spans);
  if (spans.length === 0) return;
  const subjects = new Set(wanted.map(({ subject }) => subject));
  const ofEachSpan = wanted.flatMap(({ subject, spans: own }) => own.map(() => subject));
  const pages = streamColumns(
    store,
    {
      tables: `wanted AS (SELECT unnest($hashes) AS wanted_hash, unnest($lows) AS low, unnest($highs) AS high),
        found AS MATERIALIZED (
          SELECT number, time, subject_hash, destination, port, to_json([${COMMON}]) AS common
          FROM contacts SEMI JOIN wanted ON subject_hash = wanted_hash AND time BETWEEN low AND high
          WHERE time BETWEEN $lowest AND $highest AND list_contains($listed, subject_hash)
        ),
        alike AS MATERIALIZED (SELECT subject_hash, common, min(number) AS first FROM found GROUP BY ALL)`,
      select: `SELECT subject_hash, first::DOUBLE AS first, number::DOUBLE AS number, time::DOUBLE AS time, destination, port
        FROM found JOIN alike USING (subject_hash, common)
        UNION ALL BY NAME SELECT subject_hash, first::DOUBLE AS first, common FROM alike`,
      order: 'subject_hash, time NULLS FIRST, number, first',
    },
    {
      hashes: hashes(ofEachSpan),
      listed: hashes([...subjects]),
      lows: bigints(spans.map(({ from }) => BigInt(from))),
      highs: bigints(spans.map(({ to }) => BigInt(to))),
      ...rangeOf(spans), // the join alone would read all of the table, and all texts of it
    },
  );
  let read = new OneHash();
  for await (const columns of pages) {
    const { subject_hash: hash } = columns;
    for (let row = 0; row < hash!.length; row++) {
      if (hash![row] !== read.hash) {
        yield* read.subjects(subjects);
        read = new OneHash(hash![row]);
      }
      read.add(columns, row);
    }
  }
  yield* read.subjects(subjects);
}

type Common = Omit<ContactRecord, 'time' | 'evidence' | 'destination' | 'port'>;

/** Contacts of the subjects that share a hash: nearly always one. */
class OneHash {
  private readonly bySubject = new Map<string, ContactRecord[]>();
  /** By the first contact of those alike, with the contacts that they go to. */
  private readonly known = new Map<number, { common: Common; contacts: ContactRecord[] }>();

  constructor(readonly hash?: Columns[string][number]) {}

  /** A contact; or, before the contacts alike, what they have in common. */
  add(columns: Columns, row: number): void {
    const first = columns.first![row] as number;
    const time = columns.time![row] as number | null;
    if (time === null) {
      this.learn(first, columns.common![row] as string);
      return;
    }
    const { common, contacts } = this.known.get(first)!;
    contacts.push({
      time,
      evidence: String(columns.number![row]),
      destination: columns.destination![row] as string,
      port: columns.port![row] as number | null,
      transport: common.transport,
      outcome: common.outcome,
      scope: common.scope,
      context: common.context,
      source: common.source,
      process: common.process,
      user: common.user,
      namespace: common.namespace,
      destinationNamespace: common.destinationNamespace,
      hostName: common.hostName,
      platform: common.platform,
      container: common.container,
    });
  }

  *subjects(wanted: ReadonlySet<string>): Iterable<OfSubject> {
    for (const [subject, contacts] of this.bySubject) if (wanted.has(subject)) yield { subject, contacts };
  }

  private learn(first: number, text: string): void {
    const [subject, source, transport, outcome, scope, context, process, user, namespace, ...rest] = JSON.parse(text);
    const [destinationNamespace, hostName, platform, container] = rest;
    const contacts = this.bySubject.get(subject) ?? [];
    this.bySubject.set(subject, contacts);
    const common: Common = {
      ...{ source, transport, outcome, scope, context, process, user, namespace },
      ...{ destinationNamespace, hostName, platform, container },
    };
    this.known.set(first, { common, contacts });
  }
}
