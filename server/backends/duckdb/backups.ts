import { constants } from 'node:fs';
import { access, chmod, copyFile, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { AppError } from '../../model/app-error.js';
import { messageOf } from '../../model/message-of.js';
import { storeFile } from './open-instance.js';
import { type DuckDBConnection, quoted, Store, toNumber } from './store.js';

/** A copy of a whole store in one file. */
export interface Backup {
  file: string;
  bytes: number;
  /** Events of telemetry in it. */
  events: number;
}

/** Copies of the store as it is at one moment, made while it is read and written. */
export class Backups {
  private atWork: { done: Promise<Backup>; cut: () => void } | undefined;

  /** @param folder where the store may write them */
  constructor(
    private readonly store: Store,
    private readonly folder: string,
    private readonly now: () => number,
  ) {}

  /**
   * Makes one; who asks while one is being made gets that one.
   * @param name in the folder; absent: by the time
   * @throws AppError BACKUP_UNUSABLE where the file is there, or can't be written
   */
  make(name = `scanhound-${new Date(this.now()).toISOString().replaceAll(':', '-')}.duckdb`): Promise<Backup> {
    let connection: DuckDBConnection | undefined;
    this.atWork ??= {
      done: this.store
        .read((own) => {
          connection = own;
          return copy(own, path.join(this.folder, name));
        })
        .finally(() => {
          this.atWork = undefined;
        }),
      cut: () => connection?.interrupt(),
    };
    return this.atWork.done;
  }

  /** One that is being made is given up. */
  async stop(): Promise<void> {
    this.atWork?.cut();
    await this.atWork?.done.catch(() => undefined);
  }
}

async function copy(connection: DuckDBConnection, file: string): Promise<Backup> {
  const partial = `${file}.partial`;
  try {
    if (await isThere(file)) throw new Error('it is there already');
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await removeDatabase(partial);
    await connection.run(`ATTACH ${quoted(partial)} AS backup`);
    try {
      await chmod(partial, 0o600); // it holds telemetry
      const [row] = (await connection.runAndReadAll('SELECT current_database() AS name')).getRowObjects();
      await connection.run(`COPY FROM DATABASE "${String(row?.name)}" TO backup`); // one transaction: one moment
      await connection.run('CHECKPOINT backup');
    } finally {
      await connection.run('DETACH backup');
    }
    const made = await examine(partial);
    await rename(partial, file);
    return { ...made, file };
  } catch (error) {
    await removeDatabase(partial).catch(() => undefined);
    throw unusable(file, error);
  }
}

/**
 * Makes a store of a backup, in a folder that holds none, or one without telemetry and documents.
 * @throws AppError BACKUP_UNUSABLE, STORE_NOT_EMPTY, STORE_LOCKED, STORE_UNUSABLE
 */
export async function restore(file: string, folder: string): Promise<Backup> {
  const backup = await examine(file).catch((error) => {
    throw unusable(file, error);
  });
  const target = storeFile(folder);
  if (await isThere(target)) await refuseWhatIsNotEmpty(folder);
  const partial = `${target}.partial`;
  try {
    await mkdir(folder, { recursive: true });
    await copyFile(file, partial, constants.COPYFILE_FICLONE);
    const written = await open(partial, 'r+');
    await written.sync().finally(() => written.close());
    await removeDatabase(target);
    await rename(partial, target);
  } catch (error) {
    await removeDatabase(partial).catch(() => undefined);
    throw new AppError('STORE_UNUSABLE', `The store ${folder} can't be written: ${messageOf(error)}`, { cause: error });
  }
  return backup;
}

/** Opens it as it is, and throws where it is no store. */
async function examine(file: string): Promise<Backup> {
  const { size } = await stat(file);
  const instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  try {
    const [row] = (await connection.runAndReadAll('SELECT count(*) AS events FROM originals')).getRowObjects();
    await connection.run('SELECT 1 FROM documents LIMIT 1');
    return { file, bytes: size, events: toNumber(row?.events) };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function refuseWhatIsNotEmpty(folder: string): Promise<void> {
  const store = await Store.open(folder);
  try {
    const [row] = await store.all('SELECT (SELECT count(*) FROM batches) + (SELECT count(*) FROM documents) AS held');
    if (toNumber(row?.held) > 0)
      throw new AppError('STORE_NOT_EMPTY', `The store ${folder} holds telemetry or alerts already.`);
  } finally {
    await store.close();
  }
}

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

async function removeDatabase(file: string): Promise<void> {
  for (const one of [file, `${file}.wal`]) await rm(one, { force: true });
}

const unusable = (file: string, error: unknown): AppError =>
  new AppError('BACKUP_UNUSABLE', `The backup ${file} can't be used: ${messageOf(error)}`, { cause: error });
