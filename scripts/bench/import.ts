import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { Command } from 'commander';
import { createLog } from '../../server/logger.js';
import { ScanhoundPlugin } from '../../server/plugin.js';
import { isMain } from '../is-main.js';
import { ecsLines, ZEEK_COLUMNS, zeekLines } from './import-lines.js';

const SEED = 7;
const RUNS = 5;

/** Lines a second: the median of five runs, and the slowest and fastest of them. */
interface Speed {
  median: number;
  least: number;
  most: number;
}

export interface ImportBench {
  format: 'ECS NDJSON' | 'Zeek TSV';
  lines: number;
  /** From the opened, empty store in a folder to the closed one. */
  scanhound: Speed;
  /** The same lines as they stand into a table of a database file by DuckDB's own reader, with two threads. */
  duckdb: Speed;
  /** Scanhound's median in parts of DuckDB's. */
  ratio: number;
}

/** How fast the import fills a store, beside how fast DuckDB's own reader loads the same file. Runs take turns. */
export async function importBench(lines = 500_000): Promise<ImportBench[]> {
  const folder = mkdtempSync(join(tmpdir(), 'scanhound-bench-'));
  try {
    const ecs = join(folder, 'ecs.ndjson');
    const zeek = join(folder, 'conn.log');
    await write(ecs, ecsLines(lines, SEED));
    await write(zeek, zeekLines(lines, SEED));
    return [
      await compare('ECS NDJSON', ecs, `read_json('${ecs}', format = 'newline_delimited')`, lines),
      await compare('Zeek TSV', zeek, `read_csv('${zeek}', ${ZEEK_OPTIONS})`, lines),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const ZEEK_OPTIONS = [
  ...["delim = '\\t'", "comment = '#'", 'header = false', "nullstr = '-'", "quote = ''", "escape = ''"],
  `names = [${ZEEK_COLUMNS.map(([name]) => `'${name}'`).join(', ')}]`,
].join(', ');

async function write(file: string, lines: Generator<string>): Promise<void> {
  const stream = createWriteStream(file);
  for (const line of lines) if (!stream.write(`${line}\n`)) await once(stream, 'drain');
  stream.end();
  await once(stream, 'finish');
}

async function compare(
  format: ImportBench['format'],
  file: string,
  reader: string,
  lines: number,
): Promise<ImportBench> {
  const own: number[] = [];
  const duckdb: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    own.push(await inFolder((folder) => importSeconds(file, folder, lines)));
    duckdb.push(await inFolder((folder) => readerSeconds(reader, folder, lines)));
  }
  const [scanhound, reading] = [speedOf(own, lines), speedOf(duckdb, lines)];
  return { format, lines, scanhound, duckdb: reading, ratio: scanhound.median / reading.median };
}

async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'scanhound-bench-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
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

function speedOf(seconds: readonly number[], lines: number): Speed {
  const speeds = seconds.map((one) => lines / one).sort((a, b) => a - b);
  return { median: speeds[Math.floor(speeds.length / 2)]!, least: speeds[0]!, most: speeds.at(-1)! };
}

if (isMain(import.meta.url)) {
  const { lines } = new Command('import')
    .description("How fast the import is, beside DuckDB's own reader: medians of five runs, and their spread.")
    .option('--lines <number>', 'of each file', Number, 500_000)
    .parse()
    .opts<{ lines: number }>();
  const text = ({ median, least, most }: Speed) =>
    `${Math.round(median)} lines/s (${Math.round(least)} to ${Math.round(most)})`;
  for (const { format, scanhound, duckdb, ratio } of await importBench(lines))
    console.log(`${format}: Scanhound ${text(scanhound)}, DuckDB ${text(duckdb)}: ${ratio.toFixed(3)}`);
}
