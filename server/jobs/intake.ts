import { AppError } from '../model/app-error.js';
import { spool } from './spool.js';

/** Bytes of one body, as it is sent. */
export const MOST_BODY_BYTES = 64 * 1024 * 1024;

/** Bodies that may be on disk at once: being received, waiting, or being read. */
const MOST_HELD = 4;

/** Reads a file into the store under a name that stays when the file is gone; rejects where nothing can be read. */
type Load<Summary> = (path: string, name: string, signal: AbortSignal) => Promise<Summary>;

/**
 * Telemetry that is sent while the service runs. Each body is received whole before any of it is read, so that a sender
 * who goes away leaves nothing; several are received at once, so that a slow sender holds up nobody, and read one by one.
 */
export class Intake<Summary> {
  private held = 0;
  private last: Promise<unknown> = Promise.resolve();
  private isStopping = false;
  private readonly abort = new AbortController();

  /** @param folder where bodies are kept while they are needed */
  constructor(
    private readonly load: Load<Summary>,
    private readonly folder: string,
  ) {}

  /** What became of the body. Throws INTAKE_BUSY and NOT_READY before any of it is taken; BODY_TOO_LARGE. */
  async take(body: AsyncIterable<Buffer>): Promise<Summary> {
    this.refuseWhileStopping();
    if (this.held >= MOST_HELD) throw new AppError('INTAKE_BUSY', `${MOST_HELD} bodies are being taken in already.`);
    this.held += 1;
    try {
      const spooled = await spool(body, this.folder, MOST_BODY_BYTES);
      try {
        return await this.inTurn(() => this.load(spooled.path, `api:${spooled.hash}`, this.abort.signal));
      } finally {
        await spooled.remove();
      }
    } finally {
      this.held -= 1;
    }
  }

  /** Takes no more. What waits is refused; what is being read may end within the time given, else it is cut. */
  async stop(deadlineMs: number): Promise<void> {
    this.isStopping = true;
    const reason = new AppError('INTERRUPTED', 'Scanhound was stopped.');
    const timer = setTimeout(() => this.abort.abort(reason), deadlineMs);
    await this.last;
    clearTimeout(timer);
  }

  private inTurn(read: () => Promise<Summary>): Promise<Summary> {
    const turn = this.last.then(() => {
      this.refuseWhileStopping(); // the store may be closed by now
      return read();
    });
    this.last = turn.catch(() => undefined);
    return turn;
  }

  private refuseWhileStopping(): void {
    if (this.isStopping) throw new AppError('NOT_READY', 'Scanhound is stopping.');
  }
}
