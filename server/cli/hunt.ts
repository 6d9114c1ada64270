import { existsSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { readConfig } from '../config.js';
import { createLog } from '../logger.js';
import { AppError } from '../model/app-error.js';
import { storeName } from '../open-backend.js';
import { type AlertDocument, checkOrder, type HuntOrder, type Scanhound, ScanhoundPlugin } from '../plugin.js';
import { alertTable } from './alert-table.js';
import { changeTable } from './change-table.js';
import { collectSooner } from './garbage.js';
import { huntByService } from './hunt-by-service.js';
import { onInterruption } from './interruption.js';
import {
  analyticOption,
  configOption,
  dataOption,
  fromOption,
  jsonOption,
  rejectsOption,
  type StoreQuestion,
  setOption,
  toOption,
  urlOption,
} from './options.js';
import { print, say } from './output.js';
import { Progress } from './progress.js';
import { runLine, type Told } from './run-line.js';
import { sayImport } from './say-import.js';

interface HuntOptions extends StoreQuestion {
  input?: string[];
  rejects?: string;
  dryRun?: boolean;
  url?: URL;
}

/** How long a hunt of the store may take to end itself. Without a store there is nothing to wait for. */
const GRACE_MS = 5_000;

/** scanhound hunt */
export function addHunt(program: Command): void {
  program
    .command('hunt')
    .description('hunt what is stored, or files at once without a store (--input)')
    .option('--input <paths...>', 'files, folders, patterns, or - for standard input; repeatable')
    .addOption(analyticOption())
    .addOption(fromOption())
    .addOption(toOption())
    .addOption(setOption())
    .addOption(jsonOption('whole alerts'))
    .addOption(dataOption().conflicts('input'))
    .addOption(configOption())
    .addOption(urlOption('let it hunt,').conflicts(['input', 'data', 'dryRun']))
    .addOption(rejectsOption('with --input; default: they are only counted'))
    .addOption(new Option('--dry-run', 'write nothing: say what would change').conflicts('input'))
    .action(hunt);
}

async function hunt(options: HuntOptions): Promise<void> {
  const { input, rejects } = options;
  if (rejects !== undefined && !input) throw new AppError('USAGE', '--rejects goes with --input');
  const { analytic: analytics, from, to, set = [] } = options;
  const { data, engine, tunables } = readConfig({ SCANHOUND_CONFIG: options.config, SCANHOUND_DATA: options.data });
  const order: HuntOrder = { origin: 'command', analytics, from, to, settings: [...tunables, ...set] };
  checkOrder(order);
  if (options.url) {
    const { runs, alerts } = await huntByService(order, options.url, onInterruption(0));
    return tell(runs, alerts, options);
  }
  const stored = input ? {} : { data, engine };
  if (stored.engine) collectSooner();
  if (!input && !engine && !existsSync(data)) throw new AppError('STORE_EMPTY', `There is no store in ${data}`);
  const signal = onInterruption(input ? 0 : GRACE_MS);
  const plugin = new ScanhoundPlugin(createLog('warn'));
  try {
    const scanhound = await plugin.setup(stored);
    const failure = input && (await read(scanhound, input, rejects, signal));
    if (!input && !(await scanhound.holdsTelemetry()))
      throw new AppError('STORE_EMPTY', `The store ${storeName(stored)} holds no telemetry`);
    if (options.dryRun) {
      const { runs, changes } = await scanhound.tryHunt({ ...order, signal });
      for (const run of runs) say(runLine(run));
      if (options.json) printEach(changes);
      else print(changeTable(changes));
      return;
    }
    const { runs, alerts } = await scanhound.hunt({ ...order, signal });
    tell(runs, alerts, options);
    if (failure !== undefined) throw failure; // of what could be read, all was told
  } finally {
    await plugin.stop();
  }
}

/** Gives why the import as a whole failed, where something could be read all the same. */
async function read(
  scanhound: Scanhound,
  input: readonly string[],
  rejects: string | undefined,
  signal: AbortSignal,
): Promise<unknown> {
  const progress = new Progress();
  try {
    const { onProgress } = progress;
    const summary = await scanhound.importTelemetry(input, { onProgress, rejects, signal });
    progress.stop();
    sayImport(summary, rejects);
    if (summary.kinds.length === 0) throw summary.failure;
    return summary.failure;
  } finally {
    progress.stop();
  }
}

function tell(runs: readonly Told[], alerts: readonly AlertDocument[], { json }: HuntOptions): void {
  for (const run of runs) say(runLine(run));
  if (json) printEach(alerts);
  else print(alertTable(alerts));
}

function printEach(values: readonly unknown[]): void {
  for (const value of values) print(JSON.stringify(value));
}
