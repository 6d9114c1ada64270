import { parentPort } from 'node:worker_threads';
import { BinaryReader, ChunkHeader } from '@ts-evtx/core';
import { VariantValueParser } from '@ts-evtx/core/dist/src/evtx/VariantValueParser.js';
import { messageOf } from '../model/message-of.js';

/** What `EvtxThread` gets for a block. */
export interface EvtxRecords {
  /** `id` is the log's own number of the record; `xml` is empty where it can't be made. */
  records: { id: string; xml: string }[];
  /** Why there are fewer than the block should hold. */
  problem?: string;
}

/** Characters of all records of a block; real ones come to one million. */
const MOST_TEXT = 16 * 1024 * 1024;
const FIRST_RECORD = 512;

/**
 * The library (1.1.1) takes one byte of a truth value and four of a pointer, where the record declares four and eight,
 * and reads all values behind it from the wrong place: every Sysmon 3 has such values before its addresses.
 */
const parse = VariantValueParser.prototype.parse;
VariantValueParser.prototype.parse = function (type, declared) {
  const reader: BinaryReader = Reflect.get(this, 'r'); // private to the type checker only
  const start = reader.tell();
  const parsed = parse.call(this, type, declared);
  if (declared === undefined) return parsed;
  reader.seek(start + declared);
  return { ...parsed, consumedBytes: declared };
};

parentPort?.on('message', (block: Uint8Array) => parentPort?.postMessage(readBlock(block)));

function readBlock(bytes: Uint8Array): EvtxRecords {
  const records: EvtxRecords['records'] = [];
  let end = FIRST_RECORD;
  let length = 0;
  try {
    const block = new ChunkHeader(new BinaryReader(bytes), 0);
    if (!block.checkMagic()) return { records, problem: 'It is no block of records' };
    for (const record of block.records()) {
      end = record.offset + record.length();
      if (end > bytes.length) break;
      const xml = render(record);
      length += xml.length;
      if (length > MOST_TEXT) return { records, problem: `Its records are longer than ${MOST_TEXT} characters` };
      records.push({ id: String(record.recordNum()), xml });
    }
    if (end === block.nextRecordOffset() && end <= bytes.length) return { records };
    return { records, problem: `Its records break off after ${records.length}` };
  } catch (error) {
    return { records, problem: `After ${records.length} records: ${messageOf(error)}` };
  }
}

function render(record: { renderXml(): string }): string {
  try {
    return record.renderXml();
  } catch {
    return '';
  }
}
