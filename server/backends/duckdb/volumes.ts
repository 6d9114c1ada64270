import type { TelemetryScope } from '../../../queries/analytic.js';
import type { Span } from '../../model/ports.js';
import { type VolumeKind, type Volumes, volumeKinds } from '../../model/volume.js';
import { ofHosts } from './launches.js';
import { type Store, toNumber, toText } from './store.js';

const FAILED = "outcome IN ('refused', 'unanswered')";

/** Where the records of each kind are. */
const sources = (scope: TelemetryScope): Readonly<Record<VolumeKind, string>> => ({
  programContacts: `contacts WHERE is_process AND ${ofHosts(scope)}`,
  failedProgramContacts: `contacts WHERE is_process AND ${FAILED} AND ${ofHosts(scope)}`,
  launches: `launches WHERE ${ofHosts(scope)}`,
  addressContacts: 'contacts WHERE NOT is_process',
  failedAddressContacts: `contacts WHERE NOT is_process AND ${FAILED}`,
  serviceQueries: 'queries WHERE true',
  maskedQueries: 'queries WHERE hash IS NOT NULL',
  arps: 'arps WHERE true',
});

export async function volumesIn(store: Store, scope: TelemetryScope, { from, to }: Span): Promise<Volumes> {
  const counts = Object.entries(sources(scope)).map(
    ([kind, source]) =>
      `SELECT '${kind}' AS kind, count(*) AS records, max(time) AS last FROM ${source} AND time BETWEEN $from AND $to`,
  );
  const rows = await store.all(counts.join(' UNION ALL '), { from: BigInt(from), to: BigInt(to) });
  const byKind = new Map(rows.map((row) => [toText(row.kind), row]));
  const entries = volumeKinds.map((kind) => {
    const { records, last } = byKind.get(kind)!;
    return [kind, { records: toNumber(records), ...(last != null && { last: toNumber(last) }) }] as const;
  });
  return Object.fromEntries(entries) as Volumes;
}
