import { zeekJson } from '../../server/importers/zeek.js';
import type { Batch } from '../../server/model/ports.js';

/** Lines of a Zeek conn.log in JSON: one address asks one port of many neighbours, one a second, and is refused. */
export const zeekSweep = (hosts: number, source = '10.0.0.5'): string[] =>
  Array.from({ length: hosts }, (_, index) =>
    JSON.stringify({
      _path: 'conn',
      ts: Date.parse('2026-01-31T08:00:00Z') / 1_000 + index,
      uid: `C${String(index).padStart(12, 'a')}`,
      'id.orig_h': source,
      'id.orig_p': 40_000 + index,
      'id.resp_h': `10.0.0.${index + 10}`,
      'id.resp_p': 22,
      proto: 'tcp',
      conn_state: 'REJ',
      history: 'Sr',
    }),
  );

/** The same as a batch to store, which its source names. */
export const sweepBatch = (count: number, source = '10.0.0.5'): Batch => ({
  key: source,
  events: zeekSweep(count, source).map((original, at) => ({
    document: zeekJson.toDocuments(JSON.parse(original))[0]!,
    original,
    index: 'conn.log',
    id: String(at + 1),
  })),
});
