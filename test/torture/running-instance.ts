import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { StoreSettings } from '../../server/open-backend.js';

const CHILD = fileURLToPath(new URL('./instance.js', import.meta.url));

/** A service in a process of its own, which can be killed and begun again. */
export class RunningInstance {
  private complaint = '';
  private process: { child: ChildProcess; ended: Promise<unknown> } | undefined;
  private last = '';

  /**
   * @param clockAheadMs by how much its time of day is wrong
   * @param onCall hears of each call of a port
   */
  constructor(
    private readonly store: StoreSettings,
    private readonly clockAheadMs: number,
    private readonly onCall: (call: string) => void,
  ) {
    this.begin();
  }

  begin(): void {
    const child = spawn(process.execPath, [CHILD, JSON.stringify(this.store), String(this.clockAheadMs)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process = { child, ended: once(child, 'close') };
    this.complaint = '';
    this.last = 'nothing yet';
    child.stderr.on('data', (chunk: Buffer) => {
      this.complaint += String(chunk);
    });
    createInterface({ input: child.stdout }).on('line', (call) => {
      this.last = call;
      this.onCall(call);
    });
  }

  /** Between its beginning and its end. Throws where it ended by itself. */
  get isUp(): boolean {
    const code = this.process?.child.exitCode ?? null;
    if (code !== null) throw new Error(`An instance ended by itself with ${code}: ${this.complaint}`);
    return this.process !== undefined;
  }

  /** Gives the last call that it told. */
  async kill(): Promise<string> {
    await this.end('SIGKILL');
    return this.last;
  }

  /** Lets it end by itself. */
  async stop(): Promise<void> {
    const code = await this.end('SIGTERM');
    if (code !== 0) throw new Error(`An instance that was told to stop ended with ${code}: ${this.complaint}`);
  }

  private async end(signal: NodeJS.Signals): Promise<number | null> {
    const { child, ended } = this.process!;
    child.kill(signal);
    await ended;
    this.process = undefined;
    return child.exitCode;
  }
}
