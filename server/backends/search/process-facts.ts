import { clausesOf, every, type Query, some } from '../../../queries/compile/query.js';
import type { Filter } from '../../../queries/filter.js';
import type { ProcessesAsked } from '../shared/asked.js';
import { within } from './event-time.js';
import type { Seen } from './hits.js';
import { readRecords } from './read-records.js';
import { hostQuery, isOneOf, SUBJECT_CLAUSES } from './subject-query.js';
import type { TelemetryIndex } from './telemetry-index.js';

interface OfProcess {
  time: number;
  host: string;
  process: string | null;
}

/** Records of each question's processes, in time order: as many questions in one search as an engine takes. */
export async function recordsOfProcesses<T extends OfProcess>(
  index: TelemetryIndex,
  filter: Filter,
  recordsIn: (seen: Seen) => T[],
  asked: readonly ProcessesAsked[],
  now: number,
): Promise<T[][]> {
  const query = await index.query(filter);
  const kinds = await index.kinds();
  const stamps = await index.stamps();
  const answers: T[][] = asked.map(() => []);
  let pending: { place: number; query: Query }[] = [];
  let clauses = 0;
  const flush = async () => {
    const own = pending.map(({ place }) => ({ ...asked[place]!, answer: answers[place]! }));
    const wanted = every(query, some(...pending.map((one) => one.query)));
    pending = [];
    clauses = 0;
    if (own.length === 0) return;
    const ids = own.map(({ processes }) => new Set(processes));
    const spans = own.map(({ span }) => span);
    for await (const page of readRecords(index, wanted, spans, now))
      for (const record of page.flatMap(recordsIn))
        own.forEach(({ host, span, answer }, place) => {
          const isOf = record.host === host && record.process !== null && ids[place]!.has(record.process);
          if (isOf && record.time >= span.from && record.time <= span.to) answer.push(record);
        });
  };
  for (const [place, { host, processes, span }] of asked.entries()) {
    if (processes.length === 0 || stamps.length === 0) continue;
    const pids = processes.flatMap((process) => /^pid:(-?\d+)$/.exec(process)?.slice(1).map(Number) ?? []);
    const one = every(
      hostQuery([host], kinds),
      some(
        isOneOf(kinds, ['process.entity_id'], processes),
        ...(pids.length > 0 ? [isOneOf(kinds, ['process.pid'], pids)] : []),
      ),
      within(stamps, [span]),
    );
    const more = clausesOf(one);
    if (clauses + more > SUBJECT_CLAUSES) await flush();
    pending.push({ place, query: one });
    clauses += more;
  }
  await flush();
  return answers;
}
