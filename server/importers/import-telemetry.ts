import { AppError } from '../model/app-error.js';
import type { AppendResult, Batch, Events, RejectReason } from '../model/ports.js';
import type { Checkpoint, Checkpoints, Reached } from './checkpoint.js';
import type { FileResult } from './file-result.js';
import { jsonFormats, textFormats } from './formats.js';
import type { ImportStep } from './import-step.js';
import { addKind, type KindSummary, type Rejects, sumOf } from './kind-summary.js';
import { type ReadOptions, readSources } from './read-sources.js';
import { RejectFile } from './reject-file.js';

export interface ImportOptions extends ReadOptions {
  /** Where rejected records are kept aside; absent: only counted. */
  rejects?: string | undefined;
  signal?: AbortSignal;
}

export interface ImportSummary {
  kinds: KindSummary[];
  /** Files that gave nothing, and why. */
  skipped: { file: string; why: string }[];
  /** Records in the reject file, where one was asked for. */
  keptAside: number;
  /** Why the import as a whole failed, after all that could be read was stored. */
  failure?: unknown;
}

/**
 * Reads files into the store. What is wrong with them stands in the summary; a store that fails rejects. With
 * `checkpoints`, an import that was stopped or killed goes on where it stopped, and what was imported is not read again.
 */
export async function importTelemetry(
  given: readonly string[],
  events: Events,
  { rejects, signal, ...options }: ImportOptions = {},
): Promise<ImportSummary> {
  const aside = rejects === undefined ? undefined : new RejectFile(rejects);
  const summary: ImportSummary = { kinds: [], skipped: [], keptAside: 0 };
  const tally = new Tally(summary, options.checkpoints);
  const tell = async (batch: Batch, appended: Promise<AppendResult>, before: Promise<void>): Promise<void> => {
    const [told, own] = await Promise.allSettled([before, appended]);
    if (told.status === 'rejected') throw told.reason;
    if (own.status === 'rejected') throw own.reason;
    tally.add(own.value);
    for (const rejected of own.value.rejected) await aside?.write(toRejected(batch, rejected));
  };
  const steps = readSources(given, options)[Symbol.asyncIterator]();
  let storing: Promise<void> = Promise.resolve(); // a file is read on while its last batches are being stored
  const underWay: Promise<AppendResult>[] = [];
  try {
    for (;;) {
      const next = await steps.next().catch((error: unknown) => {
        summary.failure = error;
        return { done: true as const, value: undefined };
      });
      if (next.done) break;
      const step: ImportStep = next.value;
      if (step.kind === 'reached') storing = storing.then(() => tally.reach(step.reached));
      else if (step.kind === 'batch') {
        if (underWay.length >= MOST_UNDER_WAY) await underWay.shift();
        signal?.throwIfAborted();
        const appended = events.append(step.batch);
        storing = tell(step.batch, appended, storing);
        underWay.push(appended);
      } else {
        await storing;
        signal?.throwIfAborted(); // what is stored is told first
        if (step.kind === 'begin') tally.begin(step);
        else if (step.kind === 'file') await tally.close(step.result);
        else await aside?.write(step.rejected);
      }
      storing.catch(() => undefined); // thrown where it is awaited
    }
    await storing;
  } finally {
    await storing.catch(() => undefined);
    await tally.save().catch(() => undefined); // what failed before is told
    summary.keptAside = aside?.written ?? 0;
    await steps.return(undefined);
    await aside?.close();
  }
  if (summary.kinds.length === 0) summary.failure ??= nothingRead(given);
  return summary;
}

/** Batches that are being stored at once: a store may share the cost of a commit among them. */
const MOST_UNDER_WAY = 6;

/** After a crash, so many batches may be read again, and are known again. */
const BATCHES_A_CHECKPOINT = 4;

function nothingRead(given: readonly string[]): AppError {
  const known = [...jsonFormats, ...textFormats].map(({ name }) => name).join(', ');
  return new AppError('INPUT_UNKNOWN', `Nothing that can be read in ${given.join(', ')}. Known formats: ${known}.`);
}

type Begin = Extract<ImportStep, { kind: 'begin' }>;

/** Adds up the files of each kind. The batches of a file come before its result. */
class Tally {
  private begun: Begin | undefined;
  private stored = 0;
  private repeated = 0;
  private ignored = 0;
  private rejected: Rejects = {};

  private unsaved: { id: string; checkpoint: Checkpoint; batches: number } | undefined;

  /** @param checkpoints where it is remembered how far each file is stored */
  constructor(
    private readonly summary: ImportSummary,
    private readonly checkpoints: Checkpoints | undefined,
  ) {}

  /** What an import before has stored of it counts as repeated. */
  begin(begun?: Begin): void {
    this.begun = begun;
    this.stored = 0;
    this.repeated = begun?.earlier?.appended.stored ?? 0;
    this.ignored = begun?.earlier?.appended.ignored ?? 0;
    this.rejected = { ...begun?.earlier?.appended.rejected };
  }

  add({ stored, repeated, ignored, rejected }: AppendResult): void {
    this.stored += stored;
    this.repeated += repeated;
    this.ignored += ignored;
    for (const { reason } of rejected) this.rejected = sumOf(this.rejected, { [reason]: 1 });
  }

  /** The file is stored up to there; a pipe can't be read twice. Remembering it costs about what storing a batch does. */
  async reach(reached: Reached): Promise<void> {
    if (!this.begun || !this.checkpoints) return;
    const { id, of } = this.begun;
    const appended = { stored: this.stored + this.repeated, ignored: this.ignored, rejected: { ...this.rejected } };
    const batches = (this.unsaved?.batches ?? 0) + 1;
    this.unsaved = { id, checkpoint: { ...reached, of, appended }, batches };
    if (batches >= BATCHES_A_CHECKPOINT) await this.save();
  }

  /** Remembers the last place that was reached. */
  async save(): Promise<void> {
    if (!this.unsaved) return;
    const { id, checkpoint } = this.unsaved;
    this.unsaved = undefined;
    await this.checkpoints?.save(id, checkpoint);
  }

  async close(result: FileResult): Promise<void> {
    await this.save();
    if (result.state === 'read') addKind(this.summary.kinds, this.summaryOf(result));
    else this.summary.skipped.push({ file: result.file, why: result.why ?? result.state });
    this.begin();
  }

  private summaryOf({ formats, records, ignored, unknown, rejected }: FileResult): KindSummary {
    return {
      kind: formats.join(' and '),
      files: 1,
      records,
      stored: this.stored,
      repeated: this.repeated,
      ignored: ignored + this.ignored,
      unknown,
      rejected: sumOf(rejected, this.rejected),
    };
  }
}

const SHOWN = 2_000;

/** An event that the store refused, as the reject file holds it. Line 0: its index knows it by another id. */
export function toRejected(batch: Batch, { position, reason }: { position: number; reason: RejectReason }) {
  const { index, id, original } = batch.events[position]!;
  const line = /^\d{1,15}(?=:\d+$|$)/.exec(id)?.[0];
  const message = `The event ${id} can't be hunted: ${reason.replaceAll('_', ' ')}`;
  return { file: index, line: Number(line ?? 0), reason, message, text: original.slice(0, SHOWN) };
}
