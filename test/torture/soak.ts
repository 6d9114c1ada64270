import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { storeFile } from '../../server/backends/duckdb/open-instance.js';
import type { Alert } from '../../server/model/alert.js';
import { ended, listening, start } from '../cli/run-cli.js';
import { type Planted, SoakTelemetry } from './soak-telemetry.js';

export interface SoakPlan {
  seconds: number;
  /** Events a second. */
  rate: number;
  seed: number;
  /** How often all windows are hunted; absent: as usual, each minute, long ones less often. */
  everySeconds?: number;
}

/** What the service said of itself at one time. */
interface Sample {
  /** Since telemetry began to come. */
  seconds: number;
  /** Resident: of the embedded database too, which takes what it may as the store grows. */
  bytes: number;
  /** Of JavaScript, until it is next cleared of what nobody needs. */
  heapBytes: number;
  /** Of the processor, since the service began. */
  cpuSeconds: number;
  /** Arrivals that the shortest windows of some analytic have not seen. */
  lag: number;
}

export interface Soaked {
  samples: Sample[];
  events: number;
  /** How long it took to send them. */
  seconds: number;
  /** How often the service had no room for a body. */
  busy: number;
  /** How long after the last event all was hunted. */
  settledSeconds: number;
  storeBytes: number;
  planted: number;
  /** Planted scans that no alert tells whole, or several do. */
  wrong: string[];
  /** Alerts of what was not planted. */
  others: string[];
  failedRuns: number;
}

/** The embedded database may take 512 MB of it. */
const MOST_BYTES = 1_536 * 2 ** 20;
/** By which the median of the last sixth may be more than that of the third sixth, until the database has what it may take. */
const MOST_GROWTH_BYTES = 256 * 2 ** 20;
/** By which the least of the last third may be more than that of the second. */
const MOST_HEAP_GROWTH_BYTES = 48 * 2 ** 20;
/** Beyond three times between two hunts. */
const MOST_LAG_SECONDS = 30;

const BETWEEN_SAMPLES_MS = 2_000;
const SHORTEST = '60s';

/** Sends telemetry to a service with an embedded store at a steady rate, and looks at it meanwhile and at the end. */
export async function soak(plan: SoakPlan, folder: string, onSample = (_: Sample) => {}): Promise<Soaked> {
  const settings = { SCANHOUND_LOG: 'warn', ...(plan.everySeconds && { SCANHOUND_SCHEDULE: `${plan.everySeconds}s` }) };
  const child = start(folder, ['serve', '--port', '0', '--data', 'store'], settings);
  const end = ended(child);
  try {
    const url = await listening(child);
    const began = performance.now();
    const secondsSince = (time: number) => (performance.now() - time) / 1_000;
    const samples: Sample[] = [];
    let isSending = true;
    const sampling = (async () => {
      while (isSending) {
        const sample = { seconds: secondsSince(began), ...(await sampleOf(url)) };
        samples.push(sample);
        onSample(sample);
        await wait(BETWEEN_SAMPLES_MS);
      }
    })();
    const telemetry = new SoakTelemetry(plan.seed, plan.rate, plan.seconds);
    const sent = await send(url, telemetry, plan, began).finally(() => {
      isSending = false;
    });
    const seconds = secondsSince(began);
    await sampling;
    const ceased = performance.now();
    while ((await sampleOf(url)).lag > 0) await wait(500);
    const settledSeconds = secondsSince(ceased);
    const alerts = await alertsOf(url);
    const storeBytes = [storeFile(join(folder, 'store')), `${storeFile(join(folder, 'store'))}.wal`]
      .map((file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0)
      .reduce((sum, size) => sum + size);
    const failedRuns = (await listOf(url, '/api/runs?state=failed&limit=200', 'runs')).length;
    child.kill('SIGTERM');
    const { code, stderr } = await end;
    if (code !== 0) throw new Error(`The service ended with ${code}: ${stderr}`);
    return {
      samples,
      ...sent,
      seconds,
      settledSeconds,
      storeBytes,
      failedRuns,
      ...compare(telemetry.planted(), alerts),
    };
  } finally {
    child.kill('SIGKILL');
    await end;
  }
}

/** What a soak came to, in words, and what of it is not as it must be. How fast telemetry was taken is not judged. */
export function judge({ samples, ...soaked }: Soaked, { rate, everySeconds = 60 }: SoakPlan) {
  const partsOf = (parts: number) =>
    Array.from({ length: parts }, (_, place) =>
      samples.slice((samples.length * place) / parts, (samples.length * (place + 1)) / parts),
    );
  const resident = partsOf(6).map((part) => median(part.map(({ bytes }) => bytes)));
  const growth = resident[5]! - resident[2]!; // the first third is for warming up
  const heap = partsOf(3).map((part) => Math.min(...part.map(({ heapBytes }) => heapBytes)));
  const heapGrowth = heap[2]! - heap[1]!; // a third of two minutes is as little as surely holds a full collection
  const most = samples.reduce((one, other) => (other.bytes > one.bytes ? other : one));
  const lagSeconds = Math.max(...samples.map(({ lag }) => lag)) / rate;
  const mostLag = 3 * everySeconds + MOST_LAG_SECONDS;
  const { events, seconds, busy, storeBytes, settledSeconds, planted, wrong, others, failedRuns } = soaked;
  return {
    told: [
      `${events} events in ${Math.round(seconds)} s, ${Math.round(events / seconds)} a second; ${busy} times no room. Store ${toMb(storeBytes)}. The service had ${Math.round(samples.at(-1)?.cpuSeconds ?? 0)} s of the processor.`,
      `Memory, medians of sixths of the time: ${resident.map(toMb).join(', ')}; at most ${toMb(most.bytes)}, ${toMb(most.heapBytes)} of it heap, after ${Math.round(most.seconds)} s.`,
      `Heap, the least in each third: ${heap.map(toMb).join(', ')}.`,
      `Marks behind by ${Math.round(lagSeconds)} s of events at most; ${Math.round(settledSeconds)} s after the last event by none.`,
      `${planted - wrong.length} of ${planted} scans found once and whole, ${others.length} other alerts, ${failedRuns} runs failed.`,
    ],
    faults: [
      ...(most.bytes > MOST_BYTES ? [`Memory of ${toMb(most.bytes)} is more than ${toMb(MOST_BYTES)}.`] : []),
      ...(growth > MOST_GROWTH_BYTES ? [`Memory grew by ${toMb(growth)}.`] : []),
      ...(heapGrowth > MOST_HEAP_GROWTH_BYTES ? [`The heap grew by ${toMb(heapGrowth)}.`] : []),
      ...(lagSeconds > mostLag ? [`Marks were behind by more than ${mostLag} s.`] : []),
      ...(failedRuns > 0 ? [`${failedRuns} runs failed.`] : []),
      ...wrong,
      ...others.map((who) => `${who} scanned nothing.`),
    ],
  };
}

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[values.length >> 1] ?? Number.NaN;

const toMb = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`;

/** A body a second; what is behind is sent as fast as it is taken. */
async function send(url: string, telemetry: SoakTelemetry, { seconds, rate }: SoakPlan, began: number) {
  let busy = 0;
  for (let second = 0; second < seconds; second++) {
    const body = telemetry.second(second);
    await wait(Math.max(0, began + (second + 1) * 1_000 - performance.now()));
    for (;;) {
      const headers = { 'content-type': 'application/x-ndjson' };
      const answer = await fetch(`${url}/api/events`, { method: 'POST', headers, body });
      const said = await answer.text();
      if (answer.status === 200) break;
      if (answer.status !== 429) throw new Error(`Telemetry was refused with ${answer.status}: ${said}`);
      busy++;
      await wait(200);
    }
  }
  return { events: seconds * rate, busy };
}

async function sampleOf(url: string): Promise<Omit<Sample, 'seconds'>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const valuesOf = (name: string) =>
    [...text.matchAll(new RegExp(`^${name} (\\S+)$`, 'gm'))].map(([, value]) => Number(value));
  const [bytes] = valuesOf('process_resident_memory_bytes');
  const [heapBytes] = valuesOf('nodejs_heap_size_used_bytes');
  const [cpuSeconds] = valuesOf('process_cpu_seconds_total');
  const lags = valuesOf(`scanhound_mark_lag_arrivals\\{[^}]*window="${SHORTEST}"\\}`);
  if (bytes === undefined || heapBytes === undefined || cpuSeconds === undefined || lags.length === 0)
    throw new Error('The service does not tell its memory, its work and its lag.');
  return { bytes, heapBytes, cpuSeconds, lag: Math.max(...lags) };
}

const alertsOf = (url: string) => listOf(url, '/api/alerts?limit=200', 'alerts') as Promise<Alert[]>;

async function listOf(url: string, path: string, name: string): Promise<unknown[]> {
  const all: unknown[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const answer = await fetch(`${url}${path}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    const page = (await answer.json()) as Record<string, unknown[]> & { cursor: string | null };
    all.push(...page[name]!);
    cursor = page.cursor;
  }
  return all;
}

function compare(planted: readonly Planted[], alerts: readonly Alert[]) {
  const found = new Map<string, string[]>();
  for (const { host, source, scanhound } of alerts) {
    const who = host?.name ?? source?.ip ?? '';
    const { hosts, sockets } = scanhound.targets;
    found.set(who, [...(found.get(who) ?? []), `${hosts} hosts, ${sockets} sockets`]);
  }
  const names = new Set(planted.map(({ who }) => who));
  const wrong = planted
    .map(({ who, hosts, sockets }) => ({
      who,
      wanted: `${hosts} hosts, ${sockets} sockets`,
      got: found.get(who) ?? [],
    }))
    .filter(({ wanted, got }) => got.length !== 1 || got[0] !== wanted)
    .map(({ who, wanted, got }) => `${who}: ${wanted} became ${got.join(' and ') || 'no alert'}`);
  return { planted: planted.length, wrong, others: [...found.keys()].filter((who) => !names.has(who)) };
}
