import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import type { AnalyticId, TunableValue } from '../../queries/analytic.js';
import { AppError } from '../model/app-error.js';
import type { Documents } from '../model/ports.js';
import { formatTime } from '../model/time.js';
import type { CadenceSettings } from './cadences.js';
import type { Hunts } from './hunts.js';
import { jobsOf } from './job.js';
import type { Jobs } from './jobs.js';
import { applySettings, type Settings } from './settings.js';

/** One tunable of one analytic that was taken over. */
export interface TunableChange {
  analytic: AnalyticId;
  tunable: string;
  from: TunableValue;
  to: TunableValue;
}

/** What tunables were read from. */
export interface ReloadSource {
  file: string;
  /** Of its content, in hexadecimal digits; null where it can't be read. */
  sha256: string | null;
}

/** What a source says. */
export interface Reading {
  settings: Settings;
  /** Keys that are other than those in force, and are not taken over while the service runs. */
  needRestart: readonly string[];
}

/** That tunables were read anew, and what came of it. */
export interface Reload {
  /** ISO 8601, in UTC. */
  at: string;
  /** The machine, as several may serve one engine. */
  host: string;
  source: ReloadSource;
  /** Refused: nothing was changed, and `error` says why. */
  state: 'taken' | 'refused';
  changes: readonly TunableChange[];
  needRestart: readonly string[];
  error?: { code: string; message: string; hint: string };
}

interface ReloadPorts {
  hunts: Hunts;
  jobs: Jobs;
  documents: Documents;
  now: () => number;
}

/** Takes over tunables while the service runs, all of them or none, and keeps what changed. */
export class Reloads {
  /** @param cadences those in force: others need a restart */
  constructor(
    private readonly cadences: CadenceSettings,
    private readonly ports: ReloadPorts,
  ) {}

  /**
   * What changes is kept before it is in force, so that nothing is hunted by tunables that nobody can account for. Where
   * nothing is other than before, nothing is kept.
   * @param read throws an AppError where the source can't be used
   */
  async take(source: ReloadSource, read: () => Reading): Promise<Reload> {
    const { hunts, jobs, documents, now } = this.ports;
    const about = { at: formatTime(now()), host: hostname(), source };
    try {
      const { settings, needRestart } = read();
      const changes = changesOf(hunts.tunables, applySettings(settings));
      const windows = jobsOf(settings, this.cadences);
      const reload: Reload = { ...about, state: 'taken', changes, needRestart };
      if (changes.length + needRestart.length > 0) await documents.create('reload', randomUUID(), reload);
      hunts.take(settings);
      if (changes.length > 0) jobs.take(windows);
      return reload;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const { code, message, hint } = error;
      const refused: Reload = {
        ...about,
        state: 'refused',
        changes: [],
        needRestart: [],
        error: { code, message, hint },
      };
      await documents.create('reload', randomUUID(), refused);
      return refused;
    }
  }
}

/** What a source can be refused for: anything else is a failure to keep the change. */
const isRefusal = (error: unknown): error is AppError =>
  error instanceof AppError && ['CONFIG_INVALID', 'TUNABLE_INVALID', 'ANALYTIC_UNKNOWN'].includes(error.code);

type Tunables = ReadonlyMap<AnalyticId, Readonly<Record<string, TunableValue>>>;

const changesOf = (before: Tunables, after: Tunables): TunableChange[] =>
  [...after].flatMap(([analytic, tunables]) =>
    Object.entries(tunables).flatMap(([tunable, to]) => {
      const from = before.get(analytic)![tunable]!;
      return isDeepStrictEqual(from, to) ? [] : [{ analytic, tunable, from, to }];
    }),
  );

/** `AN1057.ScanRateThreshold from 16 to 20` */
export const sayChange = ({ analytic, tunable, from, to }: TunableChange): string =>
  `${analytic}.${tunable} from ${JSON.stringify(from)} to ${JSON.stringify(to)}`;
