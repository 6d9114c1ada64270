import path from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { readConfig } from '../config.js';
import { createLog } from '../logger.js';
import { AppError } from '../model/app-error.js';
import { ScanhoundPlugin } from '../plugin.js';
import { ask, readAnswer } from './ask-service.js';
import { onInterruption } from './interruption.js';
import { configOption, dataOption, urlOption } from './options.js';
import { count, print } from './output.js';

interface BackupOptions {
  data?: string;
  url?: URL;
  config?: string;
}

const Backup = z.object({ file: z.string(), bytes: z.number(), events: z.number() });

const GRACE_MS = 5_000;

/** scanhound backup */
export function addBackup(program: Command): void {
  program
    .command('backup')
    .description('copy the whole embedded store, as it is at one moment, into one file')
    .argument('[file]', 'to be made; default: by the time, in the folder backups of the store')
    .addOption(dataOption())
    .addOption(configOption())
    .addOption(urlOption('have it made, in its own folder, by').conflicts('data'))
    .action(backUp);
}

async function backUp(file: string | undefined, { url, ...options }: BackupOptions): Promise<void> {
  if (url && file !== undefined) throw new AppError('USAGE', 'A service chooses the file itself: leave it out.');
  const { file: made, bytes, events } = url ? await byService(url) : await byItself(file, options);
  print(`${made}: ${count(events, 'event')}, ${count(bytes, 'byte')}`);
}

async function byService(url: URL): Promise<z.infer<typeof Backup>> {
  const signal = onInterruption(GRACE_MS);
  return readAnswer(Backup, await ask(url, 'api/backup', { method: 'POST', signal }), url);
}

async function byItself(file: string | undefined, { data: folder, config }: BackupOptions) {
  const { data, engine } = readConfig({ SCANHOUND_CONFIG: config, SCANHOUND_DATA: folder });
  const plugin = new ScanhoundPlugin(createLog('warn'));
  try {
    const scanhound = await plugin.setup({ data, engine, backups: file && path.dirname(file) });
    if (!engine && !(await scanhound.holdsTelemetry()))
      throw new AppError('STORE_EMPTY', `The store ${data} holds no telemetry.`);
    return await scanhound.backUp(file && path.basename(file));
  } finally {
    await plugin.stop();
  }
}
