import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Command } from 'commander';
import { z } from 'zod';
import { isMain } from './is-main.js';
import { LabEvent, labToEcs, parseHosts, parseLines } from './lab-to-ecs.js';
import { simulate } from './simulate/run.js';

/** Contents by name, without compression; names that end in `.gz` are stored compressed. */
type Files = ReadonlyMap<string, Buffer>;

/** The simulated hour surrounds the lab's run of 2026-11-24, so that both are found in one span. */
const office = { seed: 7, start: Date.parse('2026-11-24T03:00:00Z'), hours: 1 };

/** Hosts whose part is the raw audit log. The others are told as auditbeat does, who knows addresses and containers. */
const rawHosts = new Set(['cli1', 'cli2', 'mon']);

/** The simulated office. */
export function officePart(): { files: Files; labels: string[] } {
  const lines = new Map<string, string[]>();
  for (const { file, text } of simulate(office)) {
    const known = lines.get(file) ?? [];
    lines.set(file, known);
    known.push(text);
  }
  const { 'labels.ndjson': labels = [], ...telemetry } = Object.fromEntries(lines);
  const files = Object.entries(telemetry).map(([name, text]) => [`office/${name}.gz`, toBuffer(text)] as const);
  return { files: new Map(files), labels: labels.map((label) => `{"part":"office",${label.slice(1)}`) };
}

/** The lab's own run, from its folder. */
export function labPart(folder: string): { files: Files; labels: string[] } {
  const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const hosts = parseHosts(text('hosts.ndjson'));
  const events = parseLines(text('procevents.ndjson'), 'procevents.ndjson', LabEvent);
  const isRaw = (event: LabEvent): boolean => event.host !== null && rawHosts.has(event.host);
  const documents = labToEcs(events, hosts).filter((_, index) => {
    const event = events[index]!;
    return event.host !== null && !isRaw(event);
  });
  return {
    files: new Map([
      ['lab/zeek-conn.log.gz', readFileSync(join(folder, 'zeek-tsv/conn.log'))],
      ['lab/zeek-dns.log.gz', readFileSync(join(folder, 'zeek-tsv/dns.log'))],
      ['lab/audit.log.gz', auditLog(gunzipSync(readFileSync(join(folder, 'audit.log.gz'))), events.filter(isRaw))],
      ['lab/auditbeat.ndjson.gz', toBuffer(documents.map((document) => JSON.stringify(document)))],
    ]),
    labels: labLabels(text('labels.ndjson'), hosts, events).map((label) => JSON.stringify(label)),
  };
}

/** The records of some events, each with the host before it, as auditd writes it by `name_format = hostname`. */
function auditLog(log: Buffer, events: readonly LabEvent[]): Buffer {
  const hosts = new Map(events.map(({ serial, host }) => [serial, host]));
  const kept: string[] = [];
  for (const line of log.toString('latin1').split('\n')) {
    const host = hosts.get(Number(/^type=\w+ msg=audit\(\d+\.\d+:(\d+)\)/.exec(line)?.[1]));
    if (host) kept.push(`node=${host} ${line}\n`);
  }
  return Buffer.from(kept.join(''), 'latin1');
}

const LabLabel = z.object({
  phase: z.string(),
  kind: z.enum(['scan', 'benign']),
  source: z.string(),
  tool: z.string(),
  what: z.string(),
  command: z.string(),
  start: z.number(),
  end: z.number().optional(),
});

/** Background work has no end of its own: it ends with the host's last event. */
function labLabels(text: string, hosts: ReadonlyMap<string, string>, events: readonly LabEvent[]): object[] {
  return parseLines(text, 'labels.ndjson', LabLabel).map(
    ({ phase, kind, source, tool, what, command, start, end }) => ({
      part: 'lab',
      phase,
      kind,
      who: source,
      ip: hosts.get(source),
      container: /^in_container \S+ (\w+)/.exec(command)?.[1],
      tool,
      what,
      command,
      analytic: kind === 'scan' ? analyticOf(source) : undefined,
      start: toTime(start),
      end: toTime(end ?? Math.max(...events.filter(({ host }) => host === source).map(({ ts }) => ts))),
    }),
  );
}

/** All scans from `node` ran in a container, and all from `mac` ask by mDNS. */
const analyticOf = (host: string): string => ({ node: 'AN1060', mac: 'AN1059' })[host] ?? 'AN1058';

const toTime = (seconds: number): string => new Date(Math.floor(seconds * 1000)).toISOString();

const toBuffer = (lines: readonly string[]): Buffer => Buffer.from(lines.map((line) => `${line}\n`).join(''));

/** What is stored under a name, without compression. Undefined where there is nothing. */
export function readStored(folder: string, name: string): Buffer | undefined {
  try {
    const stored = readFileSync(join(folder, name));
    return name.endsWith('.gz') ? gunzipSync(stored) : stored;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** All files of the sample but its README.md. */
export function buildSample(labFolder: string): Files {
  const [lab, simulated] = [labPart(labFolder), officePart()];
  return new Map([...lab.files, ...simulated.files, ['labels.ndjson', toBuffer([...lab.labels, ...simulated.labels])]]);
}

if (isMain(import.meta.url)) {
  const { lab, out } = new Command('build-sample')
    .description('Builds the bundled sample: the recorded part from the lab, the simulated part from its seed.')
    .option('--lab <folder>', "the lab's run", '../shared/data/lab')
    .option('--out <folder>', 'where to write', 'sample')
    .parse()
    .opts<{ lab: string; out: string }>();
  for (const [name, content] of buildSample(lab)) {
    const path = join(out, name);
    // Another zlib compresses in other words: what holds the same is left as it is.
    if (readStored(out, name)?.equals(content)) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, name.endsWith('.gz') ? gzipSync(content, { level: 9 }) : content);
    console.log(`wrote ${path}`);
  }
}
