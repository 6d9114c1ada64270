import { readdirSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { run } from 'node:test';
import { spec as Spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { engineNames } from './engines/engine.js';
import { stopUnused } from './engines/for-tests.js';

/**
 * Runs the compiled tests: `npm test [-- PART OF A PATH …]`. Quick ones first, what starts processes or reads the
 * shared telemetry last. Fails when there is no test to run.
 *
 * Tests of real engines come one engine after another, as few of them run at once; what those tests started is stopped
 * at the end.
 */
const root = fileURLToPath(new URL('../test/', import.meta.url));
const LATE = [
  ...engineNames.map((name) => new RegExp(`[/\\\\]${name}\\.test`)).reverse(),
  ...[/lab\.test/, /data\.test/, /properties/, /[/\\]cli[/\\]/, /[/\\]evaluate/, /soak\.test/],
];
/** 0: the last. */
const earliness = (file: string): number => {
  const place = LATE.findIndex((pattern) => pattern.test(file));
  return place < 0 ? LATE.length : place;
};
/** Files whose tests took longest, shown at the end. */
const MOST_LONG = 25;
interface Ended {
  nesting: number;
  file?: string | undefined;
  details: { duration_ms: number };
}

const wanted = process.argv.slice(2);

const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.js'))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .sort((a, b) => earliness(b) - earliness(a) || a.localeCompare(b))
  .map((file) => path.join(root, file));
if (files.length === 0) {
  process.stderr.write('No test to run.\n');
  process.exit(1);
}
const tests = run({ files, concurrency: 2 });
tests.on('test:fail', () => {
  process.exitCode = 1;
});
const leftOut = new Set<string>();
/** Seconds of each file's tests. */
const took = new Map<string, number>();
const note = ({ nesting, file = '', details }: Ended) => {
  if (nesting === 0) took.set(file, (took.get(file) ?? 0) + details.duration_ms / 1_000);
};
tests.on('test:fail', note);
tests.on('test:pass', (told) => {
  note(told);
  if (typeof told.skip === 'string') leftOut.add(told.skip);
});
await pipeline(tests, new Spec(), process.stdout);
const longest = [...took].sort(([, one], [, other]) => other - one).slice(0, MOST_LONG);
for (const [file, seconds] of longest)
  process.stdout.write(`${seconds.toFixed(0).padStart(5)} s ${path.relative(root, file)}\n`);
for (const reason of leftOut) process.stdout.write(`Left out: ${reason}\n`);
await stopUnused();
