import { AppError } from '../model/app-error.js';
import { messageOf } from '../model/message-of.js';
import { readBinary } from './binary-reader.js';
import { peek } from './bytes.js';
import { type Checkpoint, type Checkpoints, checkpointId, fingerprintOf, stillToRead } from './checkpoint.js';
import { Collector } from './collector.js';
import { decodeText } from './decode-text.js';
import { detect, type Formats, HEAD_LENGTH, knownBinary } from './detect.js';
import type { FileResult } from './file-result.js';
import { findSources, type Source } from './find-sources.js';
import { binaryFormats, jsonFormats, textFormats } from './formats.js';
import type { ImportStep } from './import-step.js';
import { JsonReader } from './json-reader.js';
import { type Member, openMembers } from './open-members.js';
import { TextReader } from './text-reader.js';

export interface ReadOptions {
  /** Told of the bytes taken from disk so far, and of all there are; the latter is missing for pipes. */
  onProgress?: (read: number, total: number | undefined) => void;
  /** What a file is called in evidence and messages; default: its path. */
  nameOf?: ((path: string) => string) | undefined;
  /** What `-` reads. */
  stdin?: AsyncIterable<Buffer>;
  /** Default: all that Scanhound knows. */
  formats?: Formats;
  /** Where earlier imports got to; absent: all is read. */
  checkpoints?: Checkpoints | undefined;
}

/**
 * Reads files, folders (with all below them), patterns and `-`, in order, holding no more than a batch. Damage is told
 * (`rejected`) and passed by. What a folder or pattern holds of unknown kind is named in its result and skipped; a file
 * given by name that can't be read makes the import fail, after the others are read. Of a file that an earlier import has
 * read, only what is new is read, and what it held is counted as it was then.
 * @throws AppError SOURCE_NOT_FOUND before the first step; FORMAT_UNKNOWN, SOURCE_UNREADABLE after the last
 */
export async function* readSources(given: readonly string[], options: ReadOptions = {}): AsyncGenerator<ImportStep> {
  const sources = await findSources(given, options.nameOf);
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
    for await (const step of readSource(source, options.stdin ?? process.stdin, count, formats, options.checkpoints)) {
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
  checkpoints: Checkpoints | undefined,
): AsyncGenerator<ImportStep> {
  try {
    for await (const member of openMembers(source, stdin, count))
      yield* readMember(member, source, formats, checkpoints);
  } catch (error) {
    if (error instanceof OtherText) return yield* readSource(source, stdin, count, formats, undefined);
    yield* refuse(new Collector(source.name), 'unreadable', messageOf(error));
  }
}

async function* readMember(
  member: Member,
  source: Source,
  formats: Formats,
  checkpoints: Checkpoints | undefined,
): AsyncGenerator<ImportStep> {
  const { name } = member;
  if (member.problem !== undefined) return yield* refuse(new Collector(name), 'unreadable', member.problem);
  const { head: start, content, close } = await peek(member.content, 8);
  const binary = formats.binary?.find((known) => known.recognizes(start));
  if (binary) {
    const { isRead } = yield* begin(name, source, start.toString('hex'), [binary], checkpoints);
    return isRead ? await close() : yield* readBinary(content, binary, new Collector(name));
  }
  const useless = knownBinary(start);
  if (useless !== undefined) {
    await close();
    return yield* refuse(new Collector(name), 'unknown', useless);
  }
  const text = decodeText(content);
  const { head, damage } = await headOf(text);
  const detected = detect(head, formats);
  if (detected.kind === 'unknown') {
    await text.return(undefined);
    return damage === undefined
      ? yield* refuse(new Collector(name), 'unknown', detected.why)
      : yield* refuse(new Collector(name), 'unreadable', damage);
  }
  const { isRead, earlier } = yield* begin(
    name,
    source,
    head,
    detected.kind === 'json' ? formats.json : [detected.format],
    checkpoints,
  );
  if (isRead) return void (await text.return(undefined));
  const collector = new Collector(name, earlier?.result);
  const reader =
    detected.kind === 'json'
      ? new JsonReader(formats.json, collector, earlier?.place)
      : new TextReader(detected.format, collector, earlier?.place);
  let toSkip = earlier?.place?.position ?? 0;
  const push = (chunk: string) => {
    if (toSkip < chunk.length) reader.push(toSkip === 0 ? chunk : chunk.slice(toSkip));
    toSkip = Math.max(0, toSkip - chunk.length);
  };
  let cut = damage;
  push(head);
  yield* collector.take();
  try {
    for await (const chunk of text) {
      push(chunk);
      yield* collector.take();
    }
  } catch (error) {
    cut = messageOf(error);
  }
  if (toSkip > 0) throw new OtherText();
  reader.end(cut && `The file is damaged here: ${cut}`);
  if (collector.result.formats.length === 0) {
    return cut === undefined
      ? yield* refuse(collector, 'unknown', 'JSON, but no record of a known format')
      : yield* refuse(collector, 'unreadable', cut);
  }
  yield* collector.close();
}

/** What was read of a file once is no longer there, though it is larger: it must be read anew. */
class OtherText extends Error {}

/**
 * Says what is known of a file, and all about it where nothing is new.
 * @param head its first characters, or bytes as text
 * @param formats that it is read with: what was read with others says nothing
 */
async function* begin(
  name: string,
  { path, name: sourceName, bytes, modified }: Source,
  head: string,
  formats: readonly { name: string }[],
  checkpoints: Checkpoints | undefined,
): AsyncGenerator<ImportStep, { isRead: boolean; earlier?: Checkpoint }> {
  if (bytes === undefined || modified === undefined) return { isRead: false };
  const id = checkpointId(path, name.slice(sourceName.length));
  const of = fingerprintOf(bytes, modified, head);
  const earlier = await checkpoints?.find(id);
  const still = earlier ? stillToRead(earlier, of, head) : 'all';
  const isOther = earlier?.result.formats.some((format) => !formats.some(({ name: known }) => known === format));
  const isGrownZip = name !== sourceName && earlier?.of.bytes !== bytes; // the zip has, and not what it held
  if (!earlier || still === 'all' || isOther || isGrownZip) {
    yield { kind: 'begin', id, of };
    return { isRead: false };
  }
  yield { kind: 'begin', id, of, earlier };
  if (still === 'rest') return { isRead: false, earlier };
  yield { kind: 'file', result: { ...earlier.result, file: name } };
  return { isRead: true };
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
