import { AppError } from '../../model/app-error.js';
import { messageOf } from '../../model/message-of.js';
import type { Documents, Events } from '../../model/ports.js';
import { Checkpoints } from '../checkpoint.js';
import { type Formats, HEAD_LENGTH } from '../detect.js';
import { binaryFormats, jsonFormats, textFormats } from '../formats.js';
import { importTelemetry } from '../import-telemetry.js';
import { type FoundFile, findFiles } from './find-files.js';
import { type KnownText, KnownTexts, type Match } from './known-texts.js';
import { OpenText, Unreadable } from './open-text.js';
import { firstStanding, type Standing } from './read-piece.js';
import { type Piece, readPieces } from './read-pieces.js';
import { type StoredCounts, storeSteps } from './store-steps.js';

export interface WatchOptions {
  /** With all below them. */
  folders: readonly string[];
  /** A folder that is left out though it may lie in one of them: that of the store. */
  except?: string | undefined;
  /** Where rejected records are kept aside; absent: only counted. */
  rejects?: string | undefined;
  /** Told once of each thing that keeps a file, or some of it, from being read. */
  onProblem: (problem: AppError) => void;
  /** Told of each file that begins to be read, and what its first reading gave. */
  onBegun: (path: string, counts: StoredCounts) => void;
}

/** What is known of a file since the last look. */
interface Looked extends FoundFile {
  /** It was the same at the look before. */
  rests: boolean;
  /** Nothing more is to be done before it changes. */
  isDone: boolean;
  text?: KnownText;
}

/** A last line may be half written as long as a file is not quiet for so long. */
const QUIET_MS = 10 * 60_000;
const FORMATS: Formats = { json: jsonFormats, text: textFormats, binary: binaryFormats };

/**
 * Reads what appears and grows in folders, look by look. Of texts only what is new is read, whatever file they are in by
 * now; what can only be read whole (zip, event logs, long lists of JSON) is read when it rests from one look to the next.
 * A piece's end is noted before it is stored, so that after a crash the same batches come again, and are known.
 */
export class WatchedFolders {
  private known: KnownTexts | undefined;
  /** By file id. */
  private readonly looked = new Map<string, Looked>();
  private readonly told = new Set<string>();
  private readonly stopping = new AbortController();

  constructor(
    private readonly events: Events,
    private readonly documents: Documents,
    private readonly now: () => number,
    private readonly options: WatchOptions,
  ) {}

  /** Looks once. Rejects where the store fails, and what was not stored is read at the next look. */
  async look(): Promise<void> {
    this.known ??= await KnownTexts.load(this.documents);
    const { files, unlisted } = await findFiles(this.options.folders, this.options.except);
    for (const { path, error } of unlisted) this.tell('SOURCE_UNREADABLE', path, messageOf(error));
    if (unlisted.length === 0) this.forgetOthers(files);
    for (const file of this.inOrder(files)) {
      if (this.stopping.signal.aborted) return;
      await this.lookAt(file);
    }
  }

  /** The look at work ends after the piece it is at. */
  stop(): void {
    this.stopping.abort(new AppError('INTERRUPTED', 'Scanhound was stopped.'));
  }

  private forgetOthers(files: readonly FoundFile[]): void {
    const ids = new Set(files.map(({ id }) => id));
    for (const id of this.looked.keys()) if (!ids.has(id)) this.looked.delete(id);
  }

  /** Files read before come first: what is left of a text must be known when its copy is met. */
  private inOrder(files: readonly FoundFile[]): FoundFile[] {
    const isNew = ({ id }: FoundFile) => Number(!this.looked.get(id)?.text);
    return files.toSorted((a, b) => isNew(a) - isNew(b));
  }

  private async lookAt(file: FoundFile): Promise<void> {
    const before = this.looked.get(file.id);
    const rests = before?.bytes === file.bytes && before.modified === file.modified;
    if (rests && before.isDone) return void Object.assign(before, file); // it may have another name
    const looked: Looked = { ...file, rests, isDone: false, ...(before?.text && { text: before.text }) };
    this.looked.set(file.id, looked);
    const finished = before ? undefined : this.known!.finishedIn(file);
    if (finished) return void Object.assign(looked, { text: finished, isDone: true });
    try {
      const open = await OpenText.open(file);
      if (open) await this.read(looked, open).finally(() => open.close());
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      looked.isDone = true;
      this.tell('SOURCE_UNREADABLE', file.path, error.message);
    }
  }

  private async read(looked: Looked, open: OpenText): Promise<void> {
    if (open.isPacked && !looked.rests) return; // it may be in the making
    if (looked.text && !(await this.known!.holds(open, looked.text))) delete looked.text; // cut to nothing, or replaced
    if (looked.text) return this.readOn(looked, open, looked.text.standing);
    const head = await open.slice(0, HEAD_LENGTH);
    if (head.length === 0) return;
    if (isReadWhole(head)) return this.readWhole(looked);
    const match = await this.known!.find(open);
    if (match) return this.readKnown(looked, open, match);
    const first = firstStanding(head, FORMATS);
    if (!('why' in first)) return this.readOn(looked, open, first);
    looked.isDone = looked.rests || head.length >= HEAD_LENGTH;
    if (looked.isDone) this.tell('INPUT_UNKNOWN', looked.path, first.why);
  }

  /** A text that was read is in another file now, or in two: a copy, made by a rotation under way, or a way of its own. */
  private async readKnown(looked: Looked, open: OpenText, { text, isCut }: Match): Promise<void> {
    const other = [...this.looked.values()].find((one) => one !== looked && one.text === text);
    const left = other && (await whatElse(open, other, text.standing.offset));
    if (isCut || left === 'nothing') looked.isDone = true;
    else if (left !== 'what the other will give') {
      looked.text = left ? this.known!.fork(text) : text;
      await this.readOn(looked, open, looked.text.standing);
    }
  }

  private async readOn(looked: Looked, open: OpenText, from: Standing): Promise<void> {
    const isEnded = open.isPacked || this.now() - looked.modified >= QUIET_MS;
    const pieces = readPieces(open, from, { formats: FORMATS, until: looked.text?.until, isEnded });
    const isKnown = looked.text !== undefined;
    const sum: StoredCounts = { stored: 0, repeated: 0, ignored: 0, rejected: 0 };
    let isStored = false;
    for (;;) {
      const next = await pieces.next();
      if (next.done) {
        if (next.value === 'one long list') return this.readWhole(looked);
        looked.isDone = next.value === 'nothing';
        break;
      }
      looked.text ??= this.known!.begin(from, next.value.bytes);
      add(await this.store(looked.text, next.value, looked.path), sum);
      isStored = true;
      if (this.stopping.signal.aborted) break;
    }
    if (looked.text && (isStored || looked.isDone))
      await this.known!.settle(looked.text, looked.isDone ? open.file : undefined);
    if (isStored && !isKnown) this.options.onBegun(looked.path, sum);
  }

  private async store(text: KnownText, piece: Piece, path: string): Promise<StoredCounts> {
    const { read } = piece;
    const { rejects } = this.options;
    await this.known!.plan(text, read.next);
    const counts = await storeSteps(read.steps, this.events, rejects);
    this.known!.move(text, piece);
    if (counts.rejected > 0) this.tell('INPUT_UNKNOWN', path, `some records are broken: ${whereKept(rejects)}`);
    if (read.result.formats.length === 0) this.tell('INPUT_UNKNOWN', path, 'JSON, but no record of a known format');
    return { ...counts, ignored: counts.ignored + read.result.ignored + read.result.unknown };
  }

  private async readWhole(looked: Looked): Promise<void> {
    if (!looked.rests) return; // it may be in the making
    const { signal } = this.stopping;
    const { rejects, onBegun } = this.options;
    const options = { checkpoints: new Checkpoints(this.documents), rejects, signal };
    const { kinds, skipped, failure } = await importTelemetry([looked.path], this.events, options);
    if (failure !== undefined && !(failure instanceof AppError)) throw failure;
    for (const { rejected, stored, repeated, ignored, unknown } of kinds) {
      const broken = Object.values(rejected).reduce((sum, times) => sum + times, 0);
      onBegun(looked.path, { stored, repeated, ignored: ignored + unknown, rejected: broken });
      if (broken > 0) this.tell('INPUT_UNKNOWN', looked.path, `some records are broken: ${whereKept(rejects)}`);
    }
    for (const { file, why } of skipped) this.tell('INPUT_UNKNOWN', file, why);
    looked.isDone = true;
  }

  private tell(code: 'INPUT_UNKNOWN' | 'SOURCE_UNREADABLE', path: string, why: string): void {
    const problem = new AppError(code, `${path}: ${why}`);
    if (this.told.has(problem.message)) return;
    this.told.add(problem.message);
    this.options.onProblem(problem);
  }
}

function add(more: StoredCounts, sum: StoredCounts): void {
  for (const name of ['stored', 'repeated', 'ignored', 'rejected'] as const) sum[name] += more[name];
}

const whereKept = (rejects: string | undefined): string => (rejects === undefined ? 'left out' : `kept in ${rejects}`);

const ZIP = '504b';
const UTF_16 = ['fffe', 'feff'];

/** A zip, an event log, a text of UTF-16: there is no going on in the middle of them. */
function isReadWhole(head: Buffer): boolean {
  const start = head.subarray(0, 2).toString('hex');
  if (start === ZIP || UTF_16.includes(start)) return true;
  return binaryFormats.some((format) => format.recognizes(head.subarray(0, 8)));
}

/** Bytes compared of a text and its copy. */
const MOST_COMPARED = 8 * 1024 * 1024;

/** What a file holds from a position on that another doesn't. */
async function whatElse(
  open: OpenText,
  other: FoundFile,
  position: number,
): Promise<'nothing' | 'what the other will give' | 'another text'> {
  const rest = await open.slice(position, MOST_COMPARED);
  if (rest.length === 0) return 'nothing';
  const openOther = await OpenText.open(other);
  const same = await openOther?.slice(position, rest.length).finally(() => openOther.close());
  return same === undefined || same.equals(rest) ? 'what the other will give' : 'another text';
}
