import type { Analytic } from '../../queries/analytic.js';
import { findSilent, idOf, keepSilence, type SilentSource } from '../hunt/silent-sources.js';
import type { Documents, Telemetry } from '../model/ports.js';
import { formatTime } from '../model/time.js';
import { oneAtATime } from './schedule.js';

/** What a watch looks at, and whom it tells. */
export interface WatchPorts {
  documents: Documents;
  telemetry: Pick<Telemetry, 'extent' | 'volumes'>;
  now: () => number;
  /** All that is silent, after each look. */
  onLook: (silent: readonly SilentSource[]) => void;
  /** Once a source, in one of the processes on the store. */
  onBegin: (source: SilentSource) => void;
  onEnd: (source: SilentSource) => void;
  onError: (error: unknown) => void;
}

/** Looks for sources that went silent, and keeps what it found with the store. */
export class SourceWatch {
  private timer: NodeJS.Timeout | undefined;
  private readonly looks = oneAtATime(() => this.look().catch(this.ports.onError));

  /** @param silenceMs how long nothing may come of a source that came within the day before */
  constructor(
    private readonly analytics: readonly Analytic[],
    private readonly silenceMs: number,
    private readonly ports: WatchPorts,
  ) {}

  /** Looks now, and four times in the time that a source may be silent. */
  start(): void {
    this.looks.begin();
    this.timer = setInterval(this.looks.begin, this.silenceMs / 4);
  }

  /** Looks no more; waits for the look at work. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.looks.ended();
  }

  async look(): Promise<void> {
    const { documents, telemetry, now, onLook, onBegin, onEnd } = this.ports;
    const kept = await keepSilence(documents, async (before) => ({
      sources: await findSilent(this.analytics, before?.sources ?? [], this.silenceMs, telemetry, now()),
      checked: formatTime(now()),
    }));
    if (!kept) return; // another process looked meanwhile, and told
    const { before, report } = kept;
    onLook(report.sources);
    for (const source of report.sources) if (!isAmong(source, before)) onBegin(source);
    for (const source of before) if (!isAmong(source, report.sources)) onEnd(source);
  }
}

const isAmong = (source: SilentSource, others: readonly SilentSource[]): boolean =>
  others.some((other) => idOf(other) === idOf(source));
