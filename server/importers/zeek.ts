import type { JsonFormat, JsonObject, TextFormat } from './format.js';
import { documentsOf, logOf } from './zeek-logs.js';
import { jsonRecord } from './zeek-record.js';
import { asText } from './zeek-suricata-values.js';
import { isZeekHead, ZeekTsvParser } from './zeek-tsv.js';

/** Keys by which a record with `ts` is one of Zeek's. */
const SIGNS: readonly (readonly string[])[] = [
  ['_path'],
  ['@stream', '@proc'], // written through Kafka
  ['fuid'],
  ['id.orig_h'],
  ['id_orig_h'],
  ['conn_uids'],
  ['note', 'actions'],
  ['name', 'notice', 'peer'], // weird.log, of no connection
  ['peer', 'ts_delta'], // capture_loss.log
  ['peer', 'pkts_proc'], // stats.log
  ['host', 'port_num'], // known_services.log
  ['host', 'software_type'],
  ['certificate.version'],
  ['id', 'machine'], // pe.log
];

/** Zeek's JSON logs: conn, dns and arp give documents, all others none. */
export const zeekJson: JsonFormat = {
  name: 'Zeek JSON logs',
  recognizes(record) {
    const has = hasValue(record);
    if (!has('ts')) return false;
    return isConnectionId(record.uid) || SIGNS.some((keys) => keys.every(has)) || logOf(undefined, has) !== 'other';
  },
  toDocuments(record) {
    const path = asText(record._path) ?? asText(record['@stream']);
    const zeekRecord = jsonRecord(record);
    return documentsOf(
      logOf(path, (field) => zeekRecord.get(field) !== undefined),
      zeekRecord,
    );
  },
};

/** Zeek's text logs with `#` header lines: conn, dns and arp give documents, all others none. */
export const zeekTsv: TextFormat = {
  name: 'Zeek text logs',
  recognizes: isZeekHead,
  open: () => new ZeekTsvParser(),
};

const isConnectionId = (uid: unknown): boolean => typeof uid === 'string' && /^C[0-9A-Za-z]{8,24}$/.test(uid);

const hasValue =
  (record: JsonObject) =>
  (key: string): boolean =>
    Object.hasOwn(record, key);
