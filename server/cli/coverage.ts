import { existsSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { readConfig } from '../config.js';
import { createLog } from '../logger.js';
import { AppError } from '../model/app-error.js';
import { checkOrder, ScanhoundPlugin } from '../plugin.js';
import { coverageTable } from './coverage-table.js';
import {
  analyticOption,
  configOption,
  dataOption,
  fromOption,
  type StoreQuestion,
  setOption,
  toOption,
} from './options.js';
import { print } from './output.js';

/** scanhound coverage */
export function addCoverage(program: Command): void {
  program
    .command('coverage')
    .description('show how far each analytic has hunted what is stored, what is still to be hunted, and the last hunts')
    .addOption(analyticOption())
    .addOption(fromOption())
    .addOption(toOption())
    .addOption(setOption())
    .addOption(new Option('--json', 'print the whole answer as JSON, on one line'))
    .addOption(dataOption())
    .addOption(configOption())
    .action(cover);
}

async function cover({ analytic: analytics, from, to, set = [], json, data: folder, config }: StoreQuestion) {
  const { data, engine, tunables } = readConfig({ SCANHOUND_CONFIG: config, SCANHOUND_DATA: folder });
  const settings = [...tunables, ...set];
  checkOrder({ analytics, from, to, settings });
  if (!engine && !existsSync(data)) throw new AppError('STORE_EMPTY', `There is no store in ${data}`);
  const plugin = new ScanhoundPlugin(createLog('warn'));
  try {
    const scanhound = await plugin.setup({ data, engine, settings });
    const coverage = await scanhound.coverage({ analytics, from, to });
    print(json ? JSON.stringify(coverage) : coverageTable(coverage));
  } finally {
    await plugin.stop();
  }
}
