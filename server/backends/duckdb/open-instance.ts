import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { AppError } from '../../model/app-error.js';
import { messageOf } from '../../model/message-of.js';

/** The database of the store in a folder. */
export const storeFile = (folder: string): string => path.join(folder, 'scanhound.duckdb');

/** Opens the database of a folder, or one in memory. Throws STORE_LOCKED, STORE_UNUSABLE. */
export async function openInstance(folder: string | undefined, memoryLimit: string): Promise<DuckDBInstance> {
  const settings = {
    memory_limit: memoryLimit,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    // an import of small batches would else write the same blocks again and again; a crash leaves so much to be read again
    checkpoint_threshold: '256MB',
    // it would keep the rows of a table that a statement reads twice, most of which either reading leaves out
    disabled_optimizers: 'common_subplan',
  };
  // Created only when memory runs out; by default it would be a folder where the command was called.
  const spill = path.join(folder ?? tmpdir(), `scanhound-spill-${process.pid}`);
  if (folder === undefined) return DuckDBInstance.create(':memory:', { ...settings, temp_directory: spill });
  try {
    mkdirSync(folder, { recursive: true });
    return await DuckDBInstance.fromCache(storeFile(folder), {
      ...settings,
      temp_directory: spill,
    });
  } catch (error) {
    throw describeFailure(folder, error);
  }
}

function describeFailure(folder: string, error: unknown): AppError {
  const message = messageOf(error);
  const [, program, pid] = /Conflicting lock is held in (.*?) \(PID (\d+)\)/.exec(message) ?? [];
  if (/Could not set lock/.test(message))
    return new AppError(
      'STORE_LOCKED',
      pid === undefined
        ? `The store ${folder} is held by another process.`
        : `The store ${folder} is held by process ${pid} (${program}).`,
      { cause: error },
    );
  return new AppError('STORE_UNUSABLE', `The store ${folder} can't be opened: ${message}`, { cause: error });
}
