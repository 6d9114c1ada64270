import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  BIGINT,
  type DuckDBConnection,
  DuckDBInstance,
  type DuckDBListType,
  type DuckDBListValue,
  type DuckDBType,
  type DuckDBValue,
  LIST,
  listValue,
  UHUGEINT,
  UINTEGER,
  VARCHAR,
} from '@duckdb/node-api';
import { createStatements } from '../../../mappings/duckdb/tables.js';
import { AppError } from '../../model/app-error.js';
import { subjectHash } from '../../model/subject.js';

/** A statement's named parameters. Lists carry their type, as an empty one does not tell it. */
export type Parameters = Record<string, DuckDBValue | TypedList>;

export interface TypedList {
  list: DuckDBListValue;
  type: DuckDBListType;
}

const typedList =
  (type: DuckDBType) =>
  (items: readonly DuckDBValue[]): TypedList => ({
    list: listValue([...items]),
    type: LIST(type),
  });
export const texts = typedList(VARCHAR);
export const bigints = typedList(BIGINT);
export const hugeNumbers = typedList(UHUGEINT);
const numbers = typedList(UINTEGER);
export const hashes = (subjects: readonly string[]): TypedList => numbers(subjects.map(subjectHash));

/** Parameters as the driver takes them: only those that the statement names. */
export function bindings(
  sql: string,
  parameters: Parameters,
): [Record<string, DuckDBValue>, Record<string, DuckDBType>] {
  const values: Record<string, DuckDBValue> = {};
  const types: Record<string, DuckDBType> = {};
  for (const [name, value] of Object.entries(parameters)) {
    if (!new RegExp(`\\$${name}\\b`).test(sql)) continue;
    if (isTypedList(value)) {
      values[name] = value.list;
      types[name] = value.type;
    } else values[name] = value;
  }
  return [values, types];
}

const isTypedList = (value: DuckDBValue | TypedList): value is TypedList =>
  typeof value === 'object' && value !== null && 'list' in value;

/**
 * The embedded database: one instance a process, one connection for writing, one of its own for every reading, since
 * another statement on a connection ends a stream early without an error.
 */
export class Store {
  private writing: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly writer: DuckDBConnection,
  ) {}

  /**
   * @param folder absent: in memory, gone at close
   * @param backups the only folder in which it may write other files
   */
  static async open(folder?: string, memoryLimit = '768MB', backups?: string): Promise<Store> {
    const instance = await openInstance(folder, memoryLimit);
    const writer = await instance.connect();
    for (const statement of createStatements()) await writer.run(statement);
    if (backups !== undefined) await writer.run(`SET allowed_directories = [${quoted(path.join(backups, '/'))}]`);
    await writer.run('SET enable_external_access = false');
    await writer.run('SET lock_configuration = true');
    return new Store(instance, writer);
  }

  /** One statement, all its rows as objects. */
  async all(sql: string, parameters: Parameters = {}): Promise<Record<string, DuckDBValue>[]> {
    return this.read(async (connection) =>
      (await connection.runAndReadAll(sql, ...bindings(sql, parameters))).getRowObjects(),
    );
  }

  /** A connection of its own for a reading; closed after it. */
  async read<T>(use: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = await this.instance.connect();
    try {
      return await use(connection);
    } finally {
      connection.closeSync();
    }
  }

  /** A connection for a stream; the caller closes it. */
  connect(): Promise<DuckDBConnection> {
    return this.instance.connect();
  }

  /** Writes one after another: whole or not at all. */
  async write<T>(use: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const turn = this.writing.then(() => this.transaction(use));
    this.writing = turn.catch(() => undefined);
    return turn;
  }

  async close(): Promise<void> {
    await this.writing;
    this.writer.closeSync();
    this.instance.closeSync();
  }

  private async transaction<T>(use: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    await this.writer.run('BEGIN');
    try {
      const result = await use(this.writer);
      await this.writer.run('COMMIT');
      return result;
    } catch (error) {
      await this.writer.run('ROLLBACK').catch(() => undefined); // a failed COMMIT has rolled back already
      throw error;
    }
  }
}

/** The database of the store in a folder. */
export const storeFile = (folder: string): string => path.join(folder, 'scanhound.duckdb');

/** A text in a statement that takes no parameters. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

async function openInstance(folder: string | undefined, memoryLimit: string): Promise<DuckDBInstance> {
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
  const message = error instanceof Error ? error.message : String(error);
  const [, program, pid] = /Conflicting lock is held in (.*?) \(PID (\d+)\)/.exec(message) ?? [];
  if (/lock/i.test(message))
    return new AppError(
      'STORE_LOCKED',
      pid === undefined
        ? `The store ${folder} is held by another process.`
        : `The store ${folder} is held by process ${pid} (${program}).`,
      { cause: error },
    );
  return new AppError('STORE_UNUSABLE', `The store ${folder} can't be opened: ${message}`, { cause: error });
}

/** DuckDB's numbers as JavaScript's: all of ours are below 2^53. */
export const toNumber = (value: DuckDBValue | undefined): number => Number(value);
export const toNumberOrNull = (value: DuckDBValue | undefined): number | null =>
  value === null || value === undefined ? null : Number(value);
export const toText = (value: DuckDBValue | undefined): string => String(value);
export const toTextOrNull = (value: DuckDBValue | undefined): string | null =>
  value === null || value === undefined ? null : String(value);

/** When a row's record was seen, and the number that names it as evidence. */
export const timed = (row: Record<string, DuckDBValue>): { time: number; evidence: string } => ({
  time: toNumber(row.time),
  evidence: toText(row.number),
});

export type { DuckDBConnection, DuckDBValue };
