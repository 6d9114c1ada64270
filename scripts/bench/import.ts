import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { enlargeYoungGeneration } from '../../server/cli/garbage.js';
import { createLog } from '../../server/logger.js';
import { ScanhoundPlugin } from '../../server/plugin.js';
import { ecsLines, ZEEK_COLUMNS, zeekLines } from './import-lines.js';
import { inFolder } from './in-folder.js';
import { RUNS, type Spread, spreadOf } from './measure.js';

const SEED = 7;

export type ImportFormat = 'ECS NDJSON' | 'Zeek TSV';

export interface ImportBench {
  /** Lines a second, from the opened, empty store in a folder to the closed one. */
  scanhound: Spread;
  /** The same lines as they stand into a table of a database file by DuckDB's own reader, with two threads. */
  duckdb: Spread;
  /** Scanhound's median in parts of DuckDB's. */
  ratio: number;
}

/** How fast the import fills a store, beside how fast DuckDB's own reader loads the same file. Runs take turns. */
export const importBench = (format: ImportFormat, lines: number): Promise<ImportBench> =>
  inFolder(async (folder) => {
    enlargeYoungGeneration(); // as the command does
    const file = join(folder, 'lines.log');
    const { made, reader } = FORMATS[format];
    await write(file, made(lines, SEED));
    return compare(file, reader(file), lines);
  });

const ZEEK_OPTIONS = [
  ...["delim = '\\t'", "comment = '#'", 'header = false', "nullstr = '-'", "quote = ''", "escape = ''"],
  `names = [${ZEEK_COLUMNS.map(([name]) => `'${name}'`).join(', ')}]`,
].join(', ');

const FORMATS = {
  'ECS NDJSON': { made: ecsLines, reader: (file: string) => `read_json('${file}', format = 'newline_delimited')` },
  'Zeek TSV': { made: zeekLines, reader: (file: string) => `read_csv('${file}', ${ZEEK_OPTIONS})` },
};

async function write(file: string, lines: Generator<string>): Promise<void> {
  const stream = createWriteStream(file);
  for (const line of lines) if (!stream.write(`${line}\n`)) await once(stream, 'drain');
  stream.end();
  await once(stream, 'finish');
}

async function compare(file: string, reader: string, lines: number): Promise<ImportBench> {
  const own: number[] = [];
  const duckdb: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    own.push(await inFolder((folder) => importSeconds(file, folder, lines)));
    duckdb.push(await inFolder((folder) => readerSeconds(reader, folder, lines)));
  }
  const [scanhound, reading] = [speedOf(own, lines), speedOf(duckdb, lines)];
  return { scanhound, duckdb: reading, ratio: scanhound.median / reading.median };
}

async function importSeconds(file: string, data: string, lines: number): Promise<number> {
  const plugin = new ScanhoundPlugin(createLog('warn'));
  const scanhound = await plugin.setup({ data });
  const start = performance.now();
  const { kinds } = await scanhound.importTelemetry([file]);
  await plugin.stop();
  const seconds = (performance.now() - start) / 1_000;
  const told = kinds.reduce((sum, { stored, ignored }) => sum + stored + ignored, 0);
  if (told !== lines) throw new Error(`${told} of ${lines} lines were imported.`);
  return seconds;
}

async function readerSeconds(reader: string, folder: string, lines: number): Promise<number> {
  const database = await DuckDBInstance.create(join(folder, 'reader.duckdb'), { threads: '2', memory_limit: '1GB' });
  const connection = await database.connect();
  const start = performance.now();
  const created = await connection.runAndReadAll(`CREATE TABLE t AS SELECT * FROM ${reader}`);
  connection.closeSync();
  database.closeSync();
  const seconds = (performance.now() - start) / 1_000;
  const count = Number(created.getRows()[0]?.[0]);
  if (count !== lines) throw new Error(`DuckDB's reader read ${count} of ${lines} lines.`);
  return seconds;
}

const speedOf = (seconds: readonly number[], lines: number): Spread => spreadOf(seconds.map((one) => lines / one));
