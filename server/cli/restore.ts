import type { Command } from 'commander';
import { readConfig } from '../config.js';
import { configOption, dataOption } from './options.js';
import { count, print } from './output.js';

/** scanhound restore */
export function addRestore(program: Command): void {
  program
    .command('restore')
    .description('make an embedded store of a backup; one that holds anything is left as it is')
    .argument('<file>', 'that scanhound backup made')
    .addOption(dataOption())
    .addOption(configOption())
    .action(async (file: string, options: { data?: string; config?: string }) => {
      const { data } = readConfig({ SCANHOUND_CONFIG: options.config, SCANHOUND_DATA: options.data });
      const { restore } = await import('../backends/duckdb/backups.js'); // other commands need no database
      const { events } = await restore(file, data);
      print(`${data}: ${count(events, 'event')} from ${file}`);
    });
}
