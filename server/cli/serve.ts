import type { Command } from 'commander';
import { changedKeys, hashOf, readAll, readWhole } from '../config-changes.js';
import { createLog } from '../logger.js';
import { storeName } from '../open-backend.js';
import { checkOrder, type PluginConfig, type Scanhound, ScanhoundPlugin, type Settings } from '../plugin.js';
import { alertTable } from './alert-table.js';
import { collectSooner } from './garbage.js';
import { onHangUp } from './hang-up.js';
import { onInterruption } from './interruption.js';
import { listen } from './listen.js';
import { configOption, dataOption, setOption } from './options.js';
import { print } from './output.js';
import { Progress } from './progress.js';
import { sayImport } from './say-import.js';

interface ServeOptions {
  sample?: boolean;
  host?: string;
  port?: string;
  data?: string;
  set?: [string, string][];
  config?: string;
  watch?: string[];
}

/** So much longer than what is at work may go on: the plugin has stopped by then. */
const GRACE_MS = 5_000;

/** scanhound serve */
export function addServe(program: Command): void {
  program
    .command('serve')
    .description('hunt what is stored, then serve the alerts and keep hunting what arrives')
    .option('--sample', 'first load the sample that comes with Scanhound')
    .option('--host <address>', 'listen on this address (SCANHOUND_HOST, else 127.0.0.1)')
    .option('--port <port>', 'listen on this port (SCANHOUND_PORT, else 8046; 0 = any free)')
    .option('--watch <folders...>', 'read what appears and grows in these folders (SCANHOUND_WATCH)')
    .addOption(dataOption())
    .addOption(setOption())
    .addOption(configOption())
    .action(serve);
}

async function serve(options: ServeOptions): Promise<void> {
  const overrides = {
    SCANHOUND_CONFIG: options.config,
    SCANHOUND_HOST: options.host,
    SCANHOUND_PORT: options.port,
    SCANHOUND_DATA: options.data,
    SCANHOUND_WATCH: options.watch?.join(','),
  };
  const reading = readAll(overrides);
  const { file, host, port, logLevel, tunables, allowedHosts, ...others } = reading.config;
  const settingsOver = (ofFile: Settings) => [...ofFile, ...(options.set ?? [])];
  const settings = settingsOver(tunables);
  const config = { ...others, settings, allowedHosts: [host.toLowerCase(), ...allowedHosts] };
  checkOrder(config);
  if (config.engine) collectSooner();
  const signal = onInterruption(config.drainMs + GRACE_MS, 0);
  const log = createLog(logLevel);
  const plugin = new ScanhoundPlugin(log);
  const reload = (scanhound: Scanhound, from: string) => {
    const sha256 = hashOf(from);
    return scanhound.reload({ file: from, sha256 }, () => {
      const anew = readWhole(overrides, from, sha256);
      return { settings: settingsOver(anew.config.tunables), needRestart: changedKeys(reading, anew) };
    });
  };
  try {
    const prepared = prepare(plugin, config, options.sample === true, signal);
    const hangUps = file === undefined ? undefined : onHangUp(async () => reload(await prepared, file), log);
    const scanhound = await prepared;
    const listener = await listen(await scanhound.openApi(), host, port);
    try {
      print(
        `Scanhound listens on ${listener.url}, alerts: ${listener.url}/api/alerts. Its store is ${storeName(config)}. Ctrl-C ends it.`,
      );
      plugin.start();
      await aborted(signal);
    } finally {
      await hangUps?.stop();
      await Promise.all([listener.close(), plugin.stop()]);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await plugin.stop();
  }
}

/** Everything up to listening: the sample, one hunt of what arrived, and what stands. */
async function prepare(
  plugin: ScanhoundPlugin,
  config: PluginConfig,
  withSample: boolean,
  signal: AbortSignal,
): Promise<Scanhound> {
  const scanhound = await plugin.setup(config);
  if (withSample) {
    const progress = new Progress();
    const { onProgress } = progress;
    const summary = await scanhound.importSample({ onProgress, signal }).finally(() => progress.stop());
    sayImport(summary, undefined);
    if (summary.failure !== undefined) throw summary.failure;
  }
  await scanhound.huntArrivals(signal);
  print(alertTable(await scanhound.finalAlerts()));
  return scanhound;
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
