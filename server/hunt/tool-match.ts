import { RE2JS } from 're2js';
import type { Plan } from '../../queries/plan.js';
import type { Program } from '../model/ports.js';
import { globs } from './globs.js';

export interface ToolMatch {
  by: 'ScanToolList' | 'ToolPatternRegex' | 'ExecutablePath';
  /** Told by the original file name of the program, under another name. */
  renamed: boolean;
}

/** Judges launches by ScanToolList, ToolPatternRegex and ExecutablePath. */
export function toolMatcher(plan: Plan): (program: Program) => ToolMatch | undefined {
  const tools = new Set((plan.tunables.ScanToolList as readonly string[]).map(toToolName));
  const patterns = (plan.tunables.ToolPatternRegex as readonly string[]).map((pattern) => RE2JS.compile(pattern));
  const isListedPath = globs(plan.tunables.ExecutablePath as readonly string[]);
  return (program) => {
    const name = toToolName(program.executable ?? program.name ?? '');
    if (tools.has(name)) return { by: 'ScanToolList', renamed: false };
    const original = toToolName(program.originalName ?? '');
    if (tools.has(original)) return { by: 'ScanToolList', renamed: true };
    if (program.executable !== null && isListedPath(program.executable))
      return { by: 'ExecutablePath', renamed: false };
    const text = program.arguments;
    if (text !== null && patterns.some((pattern) => pattern.matcher(text).find()))
      return { by: 'ToolPatternRegex', renamed: false };
    return undefined;
  };
}

/** The file's name in lower case, without folders and `.exe`. */
export const toToolName = (path: string): string =>
  path
    .slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
    .toLowerCase()
    .replace(/\.exe$/, '');
