import type { Command } from 'commander';
import { readConfig } from '../config.js';
import type { SetupStep } from '../engine-care.js';
import { configOption } from './options.js';
import { print } from './output.js';

/** scanhound setup */
export function addSetup(program: Command): void {
  program
    .command('setup')
    .description("make Scanhound's templates, indices and aliases on the engine; what is there already stays")
    .option('--dry-run', 'print what it would make, and make nothing')
    .addOption(configOption())
    .action(({ dryRun, config }: { dryRun?: boolean; config?: string }) => setUp(dryRun ? tell : make, config));
}

async function setUp(take: (step: SetupStep) => Promise<void>, config: string | undefined): Promise<void> {
  const { onEngine } = await import('../engine-care.js'); // other commands need no client of engines
  await onEngine(readConfig({ SCANHOUND_CONFIG: config }).engine, async (engine) => {
    const steps = await engine.missing();
    for (const step of steps) await take(step);
    if (steps.length === 0) print('All is there: nothing to do.');
  });
}

async function tell({ what }: SetupStep): Promise<void> {
  print(`would make ${what}`);
}

async function make({ what, take }: SetupStep): Promise<void> {
  await take();
  print(`made ${what}`);
}
