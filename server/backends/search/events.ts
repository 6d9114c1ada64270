import { createHash } from 'node:crypto';
import { toRows, UnusableDocument } from '../../../mappings/rows.js';
import { ARRIVAL, ORIGIN, toIndexed } from '../../../mappings/search/telemetry.js';
import type { AppendResult, Batch, Events, ImportedEvent } from '../../model/ports.js';
import { newestArrival } from './arrivals.js';
import { createAll, type NewDocument } from './bulk.js';
import type { Connection } from './connection.js';
import { telemetryIndexOf } from './own-indices.js';
import { indexSteps } from './setup.js';
import { TelemetryIndex } from './telemetry-index.js';

/**
 * Telemetry into an index of ours. Documents are named by their batch's key and their place in it, so that sending them
 * again changes nothing; who then first notes the batch as stored has stored it. A batch that was cut short is seen in
 * part until it is sent again.
 */
export class SearchEvents implements Events {
  private lastArrival = 0;
  private last: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly connection: Connection,
    private readonly index: string,
    private readonly now: () => number,
  ) {}

  /** Makes what is missing of the index, which whoever is set up need not be allowed. */
  static async open(connection: Connection, index: string, now: () => number): Promise<SearchEvents> {
    const steps = await indexSteps(connection, [telemetryIndexOf(index)]);
    await Promise.all(steps.map(({ take }) => take()));
    return new SearchEvents(connection, index, now);
  }

  /** One after another, so that they are seen in the order of their arrival. What waits for one that fails fails too. */
  append(batch: Batch): Promise<AppendResult> {
    const turn = this.last.then(() => this.write(batch));
    this.last = turn;
    turn.catch(() => {
      if (this.last === turn) this.last = Promise.resolve();
    });
    return turn;
  }

  private async write(batch: Batch): Promise<AppendResult> {
    const repeated = { stored: 0, repeated: batch.events.length, ignored: 0, rejected: [] };
    const name = createHash('sha256').update(batch.key).digest('base64url');
    if (await this.isStored(name)) return repeated;
    const { kept, result } = readBatch(batch, this.now());
    const arrival = await this.nextArrival();
    await createAll(
      this.connection,
      this.index,
      kept.map(({ event, position }) => ({ id: `${name}-${position}`, document: toDocument(event, arrival) })),
    );
    await this.connection.request((client) => client.indices.refresh({ index: this.index }));
    return (await this.note(name)) ? result : repeated;
  }

  private async isStored(name: string): Promise<boolean> {
    return this.connection.request((client) => client.exists({ index: this.index, id: name }));
  }

  /** False when another did it before. */
  private async note(name: string): Promise<boolean> {
    const { statusCode } = await this.connection.request((client) =>
      client.create({ index: this.index, id: name, document: {} }, { ignore: [409], meta: true }),
    );
    return statusCode !== 409;
  }

  /** After all that arrived before, also within one millisecond. */
  private async nextArrival(): Promise<number> {
    const now = this.now();
    const newest = await newestArrival(new TelemetryIndex(this.connection, this.index), now, 0);
    this.lastArrival = Math.max(now, newest + 1, this.lastArrival + 1);
    return this.lastArrival;
  }
}

interface Kept {
  event: ImportedEvent;
  position: number;
}

/** What is worth keeping: also documents that say no more than who holds an address, which count as ignored. */
function readBatch({ events }: Batch, now: number): { kept: Kept[]; result: AppendResult } {
  const kept: Kept[] = [];
  const result: AppendResult = { stored: 0, repeated: 0, ignored: 0, rejected: [] };
  events.forEach((event, position) => {
    try {
      const { holders, ...rows } = toRows(event.document, 0n, now);
      const isStored = Object.values(rows).some((own) => own.length > 0);
      if (isStored) result.stored++;
      else result.ignored++;
      if (isStored || holders.length > 0) kept.push({ event, position });
    } catch (error) {
      if (!(error instanceof UnusableDocument)) throw error;
      result.rejected.push({ position, reason: error.reason });
    }
  });
  return { kept, result };
}

const toDocument = ({ document, original, index, id }: ImportedEvent, arrival: number): NewDocument['document'] => ({
  ...toIndexed(document),
  [ARRIVAL]: arrival,
  [ORIGIN.index]: wellFormed(index),
  [ORIGIN.id]: wellFormed(id),
  [ORIGIN.original]: wellFormed(original),
});

/** Half a surrogate pair as U+FFFD, like in all texts that are stored. */
const wellFormed = (text: string): string => Buffer.from(text).toString();
