import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { AppError } from '../model/app-error.js';

/** One thing to read. */
export interface Source {
  /** As given, or as found below what was given; `-` is standard input. */
  path: string;
  /** What it is called in evidence and messages. */
  name: string;
  /** Given by its own name, so that it must be of a known kind; what a folder or pattern holds may be anything. */
  isNamed: boolean;
  /** Bytes on disk; absent for standard input and pipes. */
  bytes?: number;
  /** When it was written, epoch milliseconds; absent as `bytes` is. */
  modified?: number;
}

/**
 * The files that paths, folders (with all below them), patterns and `-` name, each once, in the order given; the files
 * of one folder or pattern by name. Hidden files are left out. Throws `SOURCE_NOT_FOUND` before anything is read.
 */
export async function findSources(
  given: readonly string[],
  nameOf: (path: string) => string = (path) => path,
): Promise<Source[]> {
  const found = new Map<string, Source>();
  for (const path of given) {
    for (const source of await expand(path)) {
      const key = resolve(source.path);
      if (!found.has(key)) found.set(key, { ...source, name: nameOf(source.path) });
    }
  }
  return [...found.values()];
}

type Found = Omit<Source, 'name'>;

async function expand(path: string): Promise<Found[]> {
  if (path === '-') return [{ path, isNamed: true }];
  const stats = await statOf(path);
  if (stats && !stats.isDirectory()) return [sourceOf(path, true, stats)];
  if (!stats && !isDynamicPattern(path)) throw new AppError('SOURCE_NOT_FOUND', `${path}: no such file or folder`);
  const names = stats ? await glob('**', { cwd: path }) : await glob(path, { absolute: isAbsolute(path) });
  const sources: Found[] = [];
  for (const name of names.toSorted()) {
    const file = stats ? join(path, name) : name;
    const fileStats = await statOf(file);
    if (fileStats) sources.push(sourceOf(file, false, fileStats));
  }
  if (sources.length === 0) {
    throw new AppError('SOURCE_NOT_FOUND', `${path}: ${stats ? 'the folder holds no files' : 'nothing matches'}`);
  }
  return sources;
}

const statOf = (path: string): Promise<Stats | undefined> => stat(path).catch(() => undefined);

const sourceOf = (path: string, isNamed: boolean, stats: Stats): Found =>
  stats.isFile() ? { path, isNamed, bytes: stats.size, modified: stats.mtimeMs } : { path, isNamed };
