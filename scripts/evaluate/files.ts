import { basename, relative, sep } from 'node:path';
import { findSources } from '../../server/importers/find-sources.js';
import type { Settings } from '../../server/jobs/settings.js';
import { inParallel } from './in-parallel.js';
import { type Judgement, judge, type KnownScan } from './known-scan.js';
import { readTelemetry } from './telemetry.js';
import { type Reached, Trial } from './trial.js';
import { setOf, type Truth } from './truth.js';
import { truthOf } from './truth-table.js';

export interface FileResult {
  file: string;
  set: 'tuning' | 'kept aside';
  /** Undefined: nobody said what is in it. */
  truth: Truth | undefined;
  events: number;
  contacts: number;
  /** Records that reader or store refused. */
  refused: number;
  scans: readonly KnownScan[];
  judgement: Judgement;
  silenced: number;
  reached: Reached[];
}

export interface FilesResult {
  files: FileResult[];
  /** Files of unknown kind. */
  unread: string[];
}

/** What describes telemetry and is none. */
const ABOUT = ['README.md', 'SOURCE.txt', 'labels.ndjson', 'hosts.ndjson'];

/** The lab is judged by its labels, phase by phase; here its files are only told of. */
export const isLab = (file: string): boolean => file.startsWith('lab/');

/** Every file below a folder, each hunted in a store of its own; `isWanted` is asked with its path below the folder. */
export async function evaluateFiles(
  folder: string,
  labScans: readonly KnownScan[],
  settings: Settings,
  isWanted: (file: string) => boolean = () => true,
): Promise<FilesResult> {
  const paths = (await findSources([folder])).map(({ path }) => path).filter((path) => !ABOUT.includes(basename(path)));
  const named = paths.map((path) => ({ path, file: relative(folder, path).split(sep).join('/') }));
  const wanted = named.filter(({ file }) => isWanted(file));
  const results = await inParallel(wanted, ({ path, file }) => evaluateFile(path, file, labScans, settings));
  return {
    files: results.filter((result) => result !== undefined),
    unread: wanted.filter((_, index) => results[index] === undefined).map(({ file }) => file),
  };
}

async function evaluateFile(
  path: string,
  file: string,
  labScans: readonly KnownScan[],
  settings: Settings,
): Promise<FileResult | undefined> {
  const read = await readTelemetry([path]);
  if (read.formats.length === 0) return undefined;
  const truth = truthOf(file);
  const scans = isLab(file) ? labScans.map((scan) => ({ ...scan, isGoal: false })) : (truth?.scans ?? []);
  return Trial.of(read.events, async (trial) => {
    const { alerts, silenced } = await trial.hunt(settings);
    return {
      file,
      set: setOf(file),
      truth,
      events: read.events.length,
      contacts: trial.contacts,
      refused: read.refused + trial.refused,
      scans,
      judgement: judge(alerts, scans),
      silenced,
      reached: await trial.reached(),
    };
  });
}
