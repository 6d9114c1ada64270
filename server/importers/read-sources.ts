import { AppError } from '../model/app-error.js';
import { readBinary } from './binary-reader.js';
import { peek } from './bytes.js';
import { Collector } from './collector.js';
import { decodeText } from './decode-text.js';
import { detect, type Formats, HEAD_LENGTH, knownBinary } from './detect.js';
import { findSources, type Source } from './find-sources.js';
import { binaryFormats, jsonFormats, textFormats } from './formats.js';
import type { FileResult, ImportStep } from './import-step.js';
import { JsonReader } from './json-reader.js';
import { messageOf } from './message-of.js';
import { type Member, openMembers } from './open-members.js';
import { TextReader } from './text-reader.js';

export interface ReadOptions {
  /** Told of the bytes taken from disk so far, and of all there are; the latter is missing for pipes. */
  onProgress?: (read: number, total: number | undefined) => void;
  /** What `-` reads. */
  stdin?: AsyncIterable<Buffer>;
  /** Default: all that Scanhound knows. */
  formats?: Formats;
}

/**
 * Reads files, folders (with all below them), patterns and `-`, in order, holding no more than a batch. Damage is told
 * (`rejected`) and passed by. What a folder or pattern holds of unknown kind is named in its result and skipped; a file
 * given by name that can't be read makes the import fail, after the others are read.
 * @throws AppError SOURCE_NOT_FOUND before the first step; FORMAT_UNKNOWN, SOURCE_UNREADABLE after the last
 */
export async function* readSources(given: readonly string[], options: ReadOptions = {}): AsyncGenerator<ImportStep> {
  const sources = await findSources(given);
  const formats = options.formats ?? { json: jsonFormats, text: textFormats, binary: binaryFormats };
  const total = sources.reduce<number | undefined>(
    (sum, { bytes }) => (sum !== undefined && bytes !== undefined ? sum + bytes : undefined),
    0,
  );
  let done = 0;
  const failed: FileResult[] = [];
  for (const source of sources) {
    const results: FileResult[] = [];
    let read = 0;
    const count = (bytes: number) => {
      read = Math.min(read + bytes, source.bytes ?? Number.POSITIVE_INFINITY); // of a zip, some are read twice
      options.onProgress?.(done + read, total);
    };
    for await (const step of readSource(source, options.stdin ?? process.stdin, count, formats)) {
      if (step.kind === 'file') results.push(step.result);
      yield step;
    }
    done += source.bytes ?? read; // also what was skipped
    options.onProgress?.(done, total);
    if (source.isNamed && results.every(({ state }) => state !== 'read')) failed.push(...results);
  }
  if (failed.length > 0) throw errorOf(failed, formats);
}

async function* readSource(
  source: Source,
  stdin: AsyncIterable<Buffer>,
  count: (bytes: number) => void,
  formats: Formats,
): AsyncGenerator<ImportStep> {
  try {
    for await (const member of openMembers(source, stdin, count)) yield* readMember(member, formats);
  } catch (error) {
    yield* refuse(new Collector(source.path), 'unreadable', messageOf(error));
  }
}

async function* readMember(member: Member, formats: Formats): AsyncGenerator<ImportStep> {
  const collector = new Collector(member.name);
  if (member.problem !== undefined) return yield* refuse(collector, 'unreadable', member.problem);
  const { head: start, content, close } = await peek(member.content, 8);
  const binary = formats.binary?.find((known) => known.recognizes(start));
  if (binary) return yield* readBinary(content, binary, collector);
  const useless = knownBinary(start);
  if (useless !== undefined) {
    await close();
    return yield* refuse(collector, 'unknown', useless);
  }
  const text = decodeText(content);
  const { head, damage } = await headOf(text);
  const detected = detect(head, formats);
  if (detected.kind === 'unknown') {
    await text.return(undefined);
    return damage === undefined
      ? yield* refuse(collector, 'unknown', detected.why)
      : yield* refuse(collector, 'unreadable', damage);
  }
  const reader =
    detected.kind === 'json' ? new JsonReader(formats.json, collector) : new TextReader(detected.format, collector);
  let cut = damage;
  reader.push(head);
  yield* collector.take();
  try {
    for await (const chunk of text) {
      reader.push(chunk);
      yield* collector.take();
    }
  } catch (error) {
    cut = messageOf(error);
  }
  reader.end(cut && `The file is damaged here: ${cut}`);
  if (collector.result.formats.length === 0) {
    return cut === undefined
      ? yield* refuse(collector, 'unknown', 'JSON, but no record of a known format')
      : yield* refuse(collector, 'unreadable', cut);
  }
  yield* collector.close();
}

async function headOf(text: AsyncIterator<string>): Promise<{ head: string; damage?: string }> {
  let head = '';
  try {
    while (head.length < HEAD_LENGTH) {
      const next = await text.next();
      if (next.done) break;
      head += next.value;
    }
    return { head };
  } catch (error) {
    return { head, damage: messageOf(error) };
  }
}

function* refuse(collector: Collector, state: 'unknown' | 'unreadable', why: string): Generator<ImportStep> {
  collector.result.state = state;
  collector.result.why = why;
  yield* collector.close();
}

function errorOf(failed: readonly FileResult[], formats: Formats): AppError {
  const files = failed.map(({ file, why }) => `${file}: ${why}`).join('; ');
  if (failed.every(({ state }) => state === 'unreadable')) return new AppError('SOURCE_UNREADABLE', files);
  const known = [...formats.json, ...formats.text, ...(formats.binary ?? [])].map(({ name }) => name).join(', ');
  return new AppError('FORMAT_UNKNOWN', `${files}. Known formats: ${known}`);
}
