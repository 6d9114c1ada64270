import type { OfficeEvent } from '../events.js';
import type { Office } from '../office.js';
import { toAuditbeat } from './auditbeat.js';
import { toDefend } from './defend.js';
import { toTetragon } from './tetragon.js';
import { Winlogbeat } from './winlogbeat.js';
import { toZeek } from './zeek.js';
import { ZeekText } from './zeek-text.js';

/** What a Zeek sensor writes: JSON, or its own text with tabs. */
export type ZeekFormat = 'json' | 'tsv';

interface WrittenLine {
  file: string;
  text: string;
}

/** Turns each event into the lines that the office's agents and its sensor write of it. */
export function writerOf(office: Office, zeek: ZeekFormat): (event: OfficeEvent) => Generator<WrittenLine> {
  const winlogbeat = new Winlogbeat(office);
  const conn = zeek === 'tsv' ? new ZeekText('conn') : json;
  const dns = zeek === 'tsv' ? new ZeekText('dns') : json;
  return function* write(event) {
    yield* linesOf('winlogbeat.ndjson', winlogbeat.write(event));
    yield* linesOf('defend.ndjson', toDefend(event));
    yield* linesOf('auditbeat.ndjson', toAuditbeat(event));
    yield* linesOf('tetragon.ndjson', toTetragon(event));
    const seen = toZeek(event);
    yield* linesOf('zeek-conn.log', seen.conn, conn);
    yield* linesOf('zeek-dns.log', seen.dns, dns);
  };
}

interface Writer {
  write(record: object): string[];
}

const json: Writer = { write: (record) => [JSON.stringify(record)] };

function* linesOf(file: string, records: readonly object[], writer: Writer = json): Generator<WrittenLine> {
  for (const record of records) for (const text of writer.write(record)) yield { file, text };
}
