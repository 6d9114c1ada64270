import { join } from 'node:path';
import type { Command } from 'commander';
import { readConfig } from '../config.js';
import { createLog } from '../logger.js';
import { ScanhoundPlugin } from '../plugin.js';
import { enlargeYoungGeneration } from './garbage.js';
import { onInterruption } from './interruption.js';
import { configOption, dataOption, rejectsOption, urlOption } from './options.js';
import { Progress } from './progress.js';
import { sayImport, sayRead } from './say-import.js';
import { sendFiles } from './send-files.js';

interface ImportCommandOptions {
  data?: string;
  rejects?: string;
  url?: URL;
  config?: string;
}

/** A batch is stored whole or not at all: its end is soon. */
const GRACE_MS = 5_000;

/** scanhound import */
export function addImport(program: Command): void {
  program
    .command('import')
    .description('load telemetry into the store; what was loaded before is not loaded twice')
    .argument('<files...>', 'files, folders, patterns, or - for standard input')
    .addOption(dataOption())
    .addOption(configOption())
    .addOption(urlOption('send the files to').conflicts(['data', 'rejects']))
    .addOption(rejectsOption('default: rejects.ndjson in the folder of the store, or here'))
    .action((files: string[], options: ImportCommandOptions) =>
      options.url ? sendToService(files, options.url) : importFiles(files, options),
    );
}

async function importFiles(files: string[], options: ImportCommandOptions): Promise<void> {
  const { data, engine } = readConfig({ SCANHOUND_CONFIG: options.config, SCANHOUND_DATA: options.data });
  const rejects = options.rejects ?? (engine ? 'rejects.ndjson' : join(data, 'rejects.ndjson'));
  const signal = onInterruption(GRACE_MS);
  const progress = new Progress();
  enlargeYoungGeneration();
  const plugin = new ScanhoundPlugin(createLog('warn'));
  try {
    const scanhound = await plugin.setup({ data, engine });
    const { onProgress } = progress;
    const summary = await scanhound.importTelemetry(files, { onProgress, rejects, signal });
    progress.stop();
    sayImport(summary, rejects);
    if (summary.failure !== undefined) throw summary.failure;
  } finally {
    progress.stop();
    await plugin.stop();
  }
}

async function sendToService(files: string[], url: URL): Promise<void> {
  const progress = new Progress();
  const { onProgress } = progress;
  const signal = onInterruption(GRACE_MS);
  const summary = await sendFiles(files, url, { onProgress, signal }).finally(() => progress.stop());
  sayRead(summary);
  if (summary.failure !== undefined) throw summary.failure;
}
