import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addAnalytics } from './analytics.js';
import { addBackup } from './backup.js';
import { addConfig } from './config.js';
import { addCoverage } from './coverage.js';
import { addDoctor } from './doctor.js';
import { addHunt } from './hunt.js';
import { addImport } from './import.js';
import { addJobs } from './jobs.js';
import { addRestore } from './restore.js';
import { addServe } from './serve.js';
import { addSetup } from './setup.js';

/** The command line. Every error is thrown, nothing is said of it. */
export function createProgram(): Command {
  const program = new Command('scanhound')
    .description('Finds network service discovery (ATT&CK T1046) in telemetry.')
    .version(version())
    .exitOverride()
    .configureOutput({ outputError: () => {} });
  for (const add of [addHunt, addImport, addServe, addAnalytics, addSetup, addDoctor, addCoverage, addJobs, addConfig])
    add(program);
  for (const add of [addBackup, addRestore]) add(program);
  return program;
}

function version(): string {
  const manifest = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version?: string }).version ?? 'unknown';
}
