import type { Command } from 'commander';
import { readConfig, settingsInForce } from '../config.js';
import { jobsOf } from '../plugin.js';
import { printable } from '../printable.js';
import { configOption } from './options.js';
import { print } from './output.js';

/** scanhound config */
export function addConfig(program: Command): void {
  program
    .command('config')
    .description('settings of this process')
    .command('check')
    .description('check the file and the environment, and print what is in force and where it comes from')
    .addOption(configOption())
    .action(check);
}

function check({ config }: { config?: string }): void {
  const overrides = { SCANHOUND_CONFIG: config };
  const { tunables, cadences } = readConfig(overrides);
  jobsOf(tunables, cadences); // throws what is wrong with either
  for (const { key, setting, from } of settingsInForce(overrides)) print(printable(`${key}: ${setting}  # ${from}`));
  for (const [name, setting] of tunables) print(printable(`tunables.${name}: ${JSON.stringify(setting)}  # file`));
  for (const { analytic, window, when, place } of cadences.own ?? [])
    print(printable(`cadences.${[analytic, window].filter(Boolean).join('.')}: ${when}  # ${place}`));
}
