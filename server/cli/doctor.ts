import type { Command } from 'commander';
import { readConfig } from '../config.js';
import type { Finding } from '../engine-care.js';
import { printable } from '../printable.js';
import { configOption } from './options.js';
import { print } from './output.js';

/** scanhound doctor */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check all that hunts on an engine need: one line a finding; ends with 1 where there is a problem')
    .addOption(configOption())
    .action(diagnose);
}

async function diagnose({ config }: { config?: string }): Promise<void> {
  const { onEngine } = await import('../engine-care.js');
  await onEngine(readConfig({ SCANHOUND_CONFIG: config }).engine, async (engine) => {
    for await (const finding of engine.examine()) {
      print(lineOf(finding));
      if (finding.verdict === 'problem') process.exitCode = 1;
    }
  });
}

/** `warning  what is found  → what to do` */
const lineOf = ({ verdict, what, remedy }: Finding): string =>
  printable(`${verdict.padEnd(7)}  ${what}${remedy === undefined ? '' : `  → ${remedy}`}`);
