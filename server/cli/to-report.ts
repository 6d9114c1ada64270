import { CommanderError } from 'commander';
import { AppError } from '../model/app-error.js';
import { Interrupted } from './interruption.js';

const FAILED = 1;
const WRONG_USAGE = 2;

export interface Report {
  exitCode: number;
  /** What went wrong and what to do, on one line; absent where all was said. A stack would help nobody. */
  line?: string;
}

export function toReport(error: unknown): Report {
  if (error instanceof CommanderError) return ofCommander(error);
  if (error instanceof Interrupted) return { exitCode: error.exitCode, line: `scanhound: ${error.message}` };
  const isUsage = error instanceof AppError && error.status === 400;
  return { exitCode: isUsage ? WRONG_USAGE : FAILED, line: lineOf(error) };
}

/** Help and version end by an error too: they have been printed. */
function ofCommander({ code, exitCode, message }: CommanderError): Report {
  if (exitCode === 0) return { exitCode };
  if (code === 'commander.help') return { exitCode: WRONG_USAGE };
  return toReport(new AppError('USAGE', message.replace(/^error: /, '').replaceAll('\n', ' ')));
}

/** Errors of ours bring a code and a hint; the importers have codes of their own. */
function lineOf(error: unknown): string {
  const { message = String(error), code, hint } = Object(error) as Record<string, unknown>;
  const told = `scanhound: ${String(message).replace(/\.$/, '')}.`;
  return typeof code === 'string' && typeof hint === 'string'
    ? `${told} ${hint} [${code}]`
    : `${told} This should not happen: please report it. [INTERNAL]`;
}
