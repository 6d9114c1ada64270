import type { BigIntStats } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../model/app-error.js';

/** A file as a look at a folder finds it. */
export interface FoundFile {
  /** Below the folder as it was named. */
  path: string;
  /** The same under every name on its disk; a removed file's may be given to another. */
  id: string;
  bytes: number;
  /** When it was written, epoch milliseconds with a fraction. */
  modified: number;
}

export interface FoundFiles {
  files: FoundFile[];
  /** Folders that can't be listed, and why. */
  unlisted: { path: string; error: unknown }[];
}

/** Throws SOURCE_NOT_FOUND where one is none. */
export async function checkFolders(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    const stats = await stat(folder).catch(() => undefined);
    if (!stats?.isDirectory()) throw new AppError('SOURCE_NOT_FOUND', `${folder}: no such folder`);
  }
}

/**
 * All files below folders, by name, each once. Hidden ones are left out, as is what lies below `except`. Links are not
 * followed, so nothing outside is read, unless a folder named is one itself.
 */
export async function findFiles(folders: readonly string[], except: string | undefined): Promise<FoundFiles> {
  const found = new Map<string, FoundFile>();
  const unlisted: FoundFiles['unlisted'] = [];
  const left = except && (await realpath(except).catch(() => undefined));
  const list = async (folder: string): Promise<void> => {
    try {
      if (left !== undefined && (await realpath(folder)) === left) return;
      const entries = await readdir(folder, { withFileTypes: true });
      for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
        const path = join(folder, entry.name);
        if (entry.name.startsWith('.')) continue;
        if (entry.isDirectory()) await list(path);
        if (!entry.isFile()) continue;
        const stats = await lstat(path, { bigint: true }).catch(() => undefined); // it may be gone by now
        if (stats?.isFile() && !found.has(idOf(stats))) found.set(idOf(stats), toFound(path, stats));
      }
    } catch (error) {
      unlisted.push({ path: folder, error });
    }
  };
  for (const folder of folders) await list(folder);
  return { files: [...found.values()], unlisted };
}

export const toFound = (path: string, stats: BigIntStats): FoundFile => ({
  path,
  id: idOf(stats),
  bytes: Number(stats.size),
  modified: Number(stats.mtimeNs) / 1e6,
});

const idOf = ({ dev, ino }: BigIntStats): string => `${dev}:${ino}`;
