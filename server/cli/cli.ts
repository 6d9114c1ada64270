#!/usr/bin/env node
import { endWithReader, say } from './output.js';
import { createProgram } from './program.js';
import { toReport } from './to-report.js';

function fail(error: unknown): number {
  const { exitCode, line } = toReport(error);
  if (line !== undefined) say(line);
  return exitCode;
}

endWithReader();
process.on('uncaughtException', (error) => process.exit(fail(error)));
try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = fail(error);
}
