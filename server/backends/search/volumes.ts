import type { TelemetryScope } from '../../../queries/analytic.js';
import { every } from '../../../queries/compile/query.js';
import { all, any, exists, type Filter } from '../../../queries/filter.js';
import { maskedFields, processScope, records } from '../../../queries/records.js';
import type { Span } from '../../model/ports.js';
import { type Volume, type VolumeKind, type Volumes, volumeKinds } from '../../model/volume.js';
import { stampedBy, within } from './event-time.js';
import type { TelemetryIndex } from './telemetry-index.js';

const filters = (scope: TelemetryScope): Readonly<Record<VolumeKind, Filter>> => ({
  programContacts: all(processScope(scope), records.processContacts),
  failedProgramContacts: all(processScope(scope), records.processContacts, records.failedContacts),
  launches: all(processScope(scope), records.launches),
  addressContacts: records.addressContacts,
  failedAddressContacts: all(records.addressContacts, records.failedContacts),
  serviceQueries: records.serviceQueries,
  maskedQueries: all(records.serviceQueries, any(...maskedFields.map(exists))),
  arps: records.arps,
});

export async function volumesIn(index: TelemetryIndex, scope: TelemetryScope, span: Span): Promise<Volumes> {
  const asked = filters(scope);
  const entries = await Promise.all(
    volumeKinds.map(async (kind) => [kind, await volumeOf(index, asked[kind], span)] as const),
  );
  return Object.fromEntries(entries) as Volumes;
}

interface Stamped {
  doc_count: number;
  last: { value: number | null };
}

/** By the field that tells a record's time: each has one. */
async function volumeOf(index: TelemetryIndex, filter: Filter, span: Span): Promise<Volume> {
  const stamps = await index.stamps();
  const { aggregations = {} } = await index.search<never, Record<string, Stamped>>({
    query: every(await index.query(filter), within(stamps, [span])),
    size: 0,
    aggs: Object.fromEntries(
      stamps.map((stamp) => [stamp, { filter: stampedBy(stamp), aggs: { last: { max: { field: stamp } } } }]),
    ) as Record<string, object>,
  });
  const found = Object.values(aggregations);
  const times = found.flatMap(({ last }) => last.value ?? []);
  return {
    records: found.reduce((sum, { doc_count }) => sum + doc_count, 0),
    ...(times.length > 0 && { last: Math.floor(Math.max(...times)) }),
  };
}
