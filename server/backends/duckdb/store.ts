import path from 'node:path';
import {
  BIGINT,
  type DuckDBConnection,
  type DuckDBInstance,
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
import { faultOf } from './faults.js';
import { openInstance } from './open-instance.js';

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

/** The database as it is open. */
interface Opened {
  instance: DuckDBInstance;
  writer: DuckDBConnection;
}

/**
 * The embedded database: one instance a process, one connection for writing, one of its own for every reading, since
 * another statement on a connection ends a stream early without an error.
 *
 * DuckDB gives an instance up for good when it can't write a checkpoint, as on a full disk, though nothing that was
 * committed is lost: then it is opened again by whatever is asked of the store next.
 */
export class Store {
  private writing: Promise<unknown> = Promise.resolve();
  private isGivenUp = false;
  /** Why the last writing failed, where the disk was at fault and no writing of some size has succeeded since. */
  private unwritten: AppError | undefined;

  private constructor(
    /** Undefined once it was closed, and while it can't be opened again. */
    private opened: Opened | undefined,
    /** Undefined where nothing would be left of it: in memory. */
    private readonly reopen: (() => Promise<Opened>) | undefined,
    private readonly name: string,
  ) {}

  /**
   * @param folder absent: in memory, gone at close
   * @param backups the only folder in which it may write other files
   */
  static async open(folder?: string, memoryLimit = MEMORY_LIMIT, backups?: string): Promise<Store> {
    const open = () => openDatabase(folder, memoryLimit, backups);
    return new Store(await open(), folder === undefined ? undefined : open, folder ?? 'in memory');
  }

  /** One statement, all its rows as objects. */
  async all(sql: string, parameters: Parameters = {}): Promise<Record<string, DuckDBValue>[]> {
    return this.read(async (connection) =>
      (await connection.runAndReadAll(sql, ...bindings(sql, parameters))).getRowObjects(),
    );
  }

  /** A connection of its own for a reading; closed after it. */
  async read<T>(use: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = await this.connect();
    try {
      return await use(connection);
    } catch (error) {
      throw this.judge(error);
    } finally {
      connection.closeSync();
    }
  }

  /** A connection for a stream; the caller closes it, and has its errors judged. */
  async connect(): Promise<DuckDBConnection> {
    try {
      if (this.isGivenUp) await this.inTurn(async () => undefined);
      return await this.current().instance.connect();
    } catch (error) {
      throw this.judge(error);
    }
  }

  /** Writes one after another: whole or not at all. */
  async write<T>(use: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    try {
      return await this.inTurn((writer) => transaction(writer, use));
    } catch (error) {
      const judged = this.judge(error);
      if (judged instanceof AppError && judged.code === 'STORE_UNUSABLE') this.unwritten = judged;
      throw judged;
    }
  }

  /** Where a writing failed, tries another. Throws STORE_UNUSABLE. */
  async checkWriting(): Promise<void> {
    if (!this.unwritten) return;
    await this.write((writer) =>
      writer.run(`CREATE OR REPLACE TABLE room AS SELECT repeat('.', ${ROOM_BYTES}) AS taken`),
    );
    await this.write((writer) => writer.run('DROP TABLE room'));
    this.unwritten = undefined;
  }

  /** An error as people are told of it; a disk that fails, or an instance that was given up, is STORE_UNUSABLE. */
  judge(error: unknown): unknown {
    const fault = faultOf(error);
    if (!fault) return error;
    this.isGivenUp ||= fault.isFatal && this.reopen !== undefined;
    return new AppError('STORE_UNUSABLE', `The store ${this.name} can't be used: ${fault.why}`, { cause: error });
  }

  async close(): Promise<void> {
    await this.writing;
    this.isGivenUp = false; // nothing opens it again
    this.closeNow();
  }

  /** On the writer when nobody else writes, of a database that was opened again if need be. */
  private inTurn<T>(use: (writer: DuckDBConnection) => Promise<T>): Promise<T> {
    const turn = this.writing.then(async () => {
      if (this.isGivenUp) await this.openAgain();
      return use(this.current().writer);
    });
    this.writing = turn.catch(() => undefined);
    return turn;
  }

  private async openAgain(): Promise<void> {
    const isAlive = await this.opened?.writer.run('SELECT 1 FROM batches LIMIT 1').then(
      () => true, // a stream of the instance before may have told of its end only now
      () => false,
    );
    if (!isAlive) {
      this.closeNow();
      this.opened = await this.reopen?.();
    }
    this.isGivenUp = false;
  }

  private current(): Opened {
    if (this.opened) return this.opened;
    throw new AppError('STORE_UNUSABLE', `The store ${this.name} is closed.`);
  }

  private closeNow(): void {
    this.opened?.writer.closeSync();
    this.opened?.instance.closeSync();
    this.opened = undefined;
  }
}

/** Hunts and rules take no longer than with half as much again, and a process stays well below 1.5 GB. */
const MEMORY_LIMIT = '512MB';

/** What has to fit before a store that could not be written counts as written again: about a batch. */
const ROOM_BYTES = 2 ** 20;

async function openDatabase(folder: string | undefined, memoryLimit: string, backups?: string): Promise<Opened> {
  const instance = await openInstance(folder, memoryLimit);
  const writer = await instance.connect();
  try {
    for (const statement of createStatements()) await writer.run(statement);
    if (backups !== undefined) await writer.run(`SET allowed_directories = [${quoted(path.join(backups, '/'))}]`);
    await writer.run('SET enable_external_access = false');
    await writer.run('SET lock_configuration = true');
    return { instance, writer };
  } catch (error) {
    writer.closeSync(); // the next try would get the same instance while anybody holds it
    instance.closeSync();
    throw error;
  }
}

async function transaction<T>(writer: DuckDBConnection, use: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  await writer.run('BEGIN');
  try {
    const result = await use(writer);
    await writer.run('COMMIT');
    return result;
  } catch (error) {
    await writer.run('ROLLBACK').catch(() => undefined); // a failed COMMIT has rolled back already
    throw error;
  }
}

/** A text in a statement that takes no parameters. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

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
