import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { z } from 'zod';
import { applySettings, type Settings } from '../server/jobs/settings.js';
import { evaluateFiles, type FileResult } from './evaluate/files.js';
import { type Goal, goalsOfFiles, goalsOfLab, goalsOfLabelled } from './evaluate/goals.js';
import { LAB_SETS, type LabResult, type LabSet, OFFSETS_MS } from './evaluate/lab.js';
import { evaluateLabInThreads } from './evaluate/lab-threads.js';
import { evaluateSample, evaluateSimulated, type LabelledResult, SIMULATIONS } from './evaluate/labelled.js';
import { type Label, parseLabels, scansOf } from './evaluate/labels.js';
import { type Margin, marginsOf } from './evaluate/margins.js';
import {
  filesSheet,
  goalsSheet,
  labelledSheet,
  labSheet,
  marginsSheet,
  type Sheet,
  toMarkdown,
  toText,
} from './evaluate/tables.js';
import { isMain } from './is-main.js';

const PARTS = ['files', 'lab', 'sample', 'simulated'] as const;

export interface Order {
  /** The folder of shared telemetry. */
  data: string;
  settings: Settings;
  parts: readonly (typeof PARTS)[number][];
  /** Only files whose path below the folder begins so; absent: all. */
  files?: readonly string[];
  labSets?: readonly LabSet[];
  offsetsMs?: readonly number[];
}

export interface Evaluation {
  goals: Goal[];
  files: FileResult[];
  /** Files of unknown kind. */
  unread: string[];
  lab: LabResult[];
  labelled: LabelledResult[];
  margins: Margin[];
  /** Episodes that the settings silenced: with none, the settings were not needed. */
  silenced: number;
}

const SAMPLE = 'sample';

/** Hunts everything that is known of, and holds what was found against what is known. */
export async function evaluate(order: Order): Promise<Evaluation> {
  const { data, settings, parts, files: prefixes, labSets = LAB_SETS, offsetsMs = OFFSETS_MS } = order;
  const labels = labLabels();
  const isWanted = (file: string) => prefixes?.some((prefix) => file.startsWith(prefix)) ?? true;
  const [lab, { files, unread }, labelled] = await Promise.all([
    parts.includes('lab')
      ? evaluateLabInThreads(labSets, { folder: join(data, 'lab'), labels, settings, offsetsMs })
      : [],
    parts.includes('files') ? evaluateFiles(data, scansOf(labels), settings, isWanted) : { files: [], unread: [] },
    evaluateLabelled(parts, settings),
  ]);
  return {
    goals: [
      ...(lab.length > 0 ? goalsOfLab(lab) : []),
      ...(parts.includes('files') ? goalsOfFiles(files) : []),
      ...labelled.flatMap(goalsOfLabelled),
    ],
    files,
    unread,
    lab,
    labelled,
    margins: files.length + lab.length > 0 ? marginsOf(files, lab) : [],
    silenced: [...files, ...lab, ...labelled].reduce((sum, { silenced }) => sum + silenced, 0),
  };
}

const evaluateLabelled = async (parts: Order['parts'], settings: Settings): Promise<LabelledResult[]> => [
  ...(parts.includes('sample') ? [await evaluateSample(SAMPLE, settings)] : []),
  ...(parts.includes('simulated') ? await evaluateSimulated(SIMULATIONS, settings) : []),
];

/** The lab's labels as the sample has them: background work ends there with its host's last event. */
const labLabels = (): Label[] => {
  const path = join(SAMPLE, 'labels.ndjson');
  return parseLabels(readFileSync(path, 'utf8'), path).filter(({ part }) => part === 'lab');
};

export const readSettings = (path: string): Settings =>
  Object.entries(z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(path, 'utf8'))));

const sheetsOf = ({ files, lab, labelled, margins, goals }: Evaluation): Sheet[] => [
  ...(files.length > 0 ? [filesSheet(files)] : []),
  ...(lab.length > 0 ? [labSheet(lab)] : []),
  ...(labelled.length > 0 ? [labelledSheet(labelled)] : []),
  ...(margins.length > 0 ? [marginsSheet(margins)] : []),
  goalsSheet(goals),
];

/** What stands below the tables. */
function remarksOf({ unread, silenced, goals }: Evaluation): string[] {
  return [
    `Episodes silenced by the settings: ${silenced}${silenced === 0 ? '; they were not needed' : ''}.`,
    ...(unread.length === 0 ? [] : [`Of unknown kind, not read: ${unread.join(', ')}.`]),
    ...goals.flatMap(({ says, missed }) => missed.map((one) => `Missed: ${says}: ${one}`)),
  ];
}

/** Everything below this line of the page is written anew. */
const MARK = '<!-- Below: made by npm run evaluate -- --page -->';

function writePage(path: string, evaluation: Evaluation): void {
  const [above, below] = readFileSync(path, 'utf8').split(MARK);
  if (below === undefined) throw new Error(`${path} has no line ${MARK}`);
  const results = [...sheetsOf(evaluation).map(toMarkdown), ...remarksOf(evaluation).map((remark) => `${remark}\n`)];
  writeFileSync(path, [`${above}${MARK}`, '', ...results].join('\n'));
}

interface Options {
  data: string;
  settings: string;
  part: Order['parts'];
  file?: string[];
  json?: boolean;
  page?: string | true;
}

/** 1 is kept for a goal that was missed. */
const WRONG_USAGE = { exitCode: 2 };

async function main(): Promise<void> {
  const command = new Command('evaluate')
    .description('Hunts all known telemetry and says what was found, missed and extra. Exits 1 when a goal is missed.')
    .option('--data <folder>', 'the shared telemetry', '../shared/data')
    .option('--settings <file>', 'tunables by name, for all telemetry', 'scripts/evaluate/settings.json')
    .addOption(new Option('--part <parts...>', 'only these').choices(PARTS).default(PARTS))
    .option('--file <paths...>', 'of the files only those whose path below the folder begins so')
    .option('--json', 'everything as one JSON document')
    .option('--page [file]', 'write the tables into this page too (docs/evaluation.md)')
    .parse();
  const options = command.opts<Options>();
  if (!existsSync(options.data) && options.part.some((part) => part === 'files' || part === 'lab'))
    command.error(`There is no folder ${options.data}; --part sample simulated needs none.`, WRONG_USAGE);
  const settings = readSettings(options.settings);
  try {
    applySettings(settings);
  } catch (error) {
    command.error(`${options.settings}: ${error instanceof Error ? error.message : error}`, WRONG_USAGE);
  }
  const evaluation = await evaluate({
    data: options.data,
    settings,
    parts: options.part,
    ...(options.file && { files: options.file }),
  });
  if (options.json) console.log(JSON.stringify(evaluation, (key, value) => (key === 'reached' ? undefined : value)));
  else console.log([...sheetsOf(evaluation).map(toText), ...remarksOf(evaluation)].join('\n'));
  if (options.page !== undefined) writePage(options.page === true ? 'docs/evaluation.md' : options.page, evaluation);
  if (evaluation.goals.some(({ missed }) => missed.length > 0)) process.exitCode = 1;
}

if (isMain(import.meta.url)) await main();
