import { deflateRawSync } from 'node:zlib';
import type { EcsDocument } from '../../queries/document.js';
import type { Formats } from '../../server/importers/detect.js';
import type { FileResult } from '../../server/importers/file-result.js';
import type { ImportStep, RejectedRecord } from '../../server/importers/import-step.js';
import { readSources } from '../../server/importers/read-sources.js';
import type { Batch, ImportedEvent } from '../../server/model/ports.js';

export interface Read {
  batches: Batch[];
  events: ImportedEvent[];
  documents: EcsDocument[];
  rejected: RejectedRecord[];
  results: FileResult[];
  /** What the import failed with, after all steps. */
  error: unknown;
}

/** All steps of an import, sorted by kind. */
export async function gather(steps: AsyncIterable<ImportStep>): Promise<Read> {
  const read: Read = { batches: [], events: [], documents: [], rejected: [], results: [], error: undefined };
  try {
    for await (const step of steps) {
      if (step.kind === 'batch') read.batches.push(step.batch);
      else if (step.kind === 'rejected') read.rejected.push(step.rejected);
      else if (step.kind === 'file') read.results.push(step.result);
    }
  } catch (error) {
    read.error = error;
  }
  read.events = read.batches.flatMap(({ events }) => events);
  read.documents = read.events.map(({ document }) => document);
  return read;
}

/** Reads a text, or bytes, as standard input. */
export const readText = (content: string | Buffer | AsyncIterable<Buffer>, formats?: Formats): Promise<Read> =>
  gather(readSources(['-'], { stdin: isStream(content) ? content : once(content), ...(formats && { formats }) }));

const isStream = (content: string | Buffer | AsyncIterable<Buffer>): content is AsyncIterable<Buffer> =>
  typeof content === 'object' && Symbol.asyncIterator in content;

async function* once(content: string | Buffer): AsyncGenerator<Buffer> {
  yield Buffer.from(content);
}

/** A zip of these members, deflated. */
export function zipOf(members: Record<string, string | Buffer>): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(members)) {
    const packed = deflateRawSync(content);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(Buffer.byteLength(content), 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const entry = Buffer.alloc(14);
    entry.writeUInt32LE(offset, 10);
    files.push(Buffer.from('PK\x03\x04'), fields, Buffer.from(name), packed);
    directory.push(Buffer.from('PK\x01\x02\x14\x00'), fields, entry, Buffer.from(name));
    offset += 30 + Buffer.byteLength(name) + packed.length;
  }
  const end = Buffer.alloc(18);
  const listed = Buffer.concat(directory);
  end.writeUInt16LE(files.length / 4, 4);
  end.writeUInt16LE(files.length / 4, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...files, listed, Buffer.from('PK\x05\x06'), end]);
}
