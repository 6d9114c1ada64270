import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { analytics } from '../../queries/analytics/index.js';
import { createProgram } from '../../server/cli/program.js';
import { toReport } from '../../server/cli/to-report.js';
import { ownFolder, run } from './run-cli.js';

const wrong: [args: string[], says: RegExp][] = [
  [['sniff'], /unknown command 'sniff'/],
  [['hunt', '--jsn'], /unknown option '--jsn' \(Did you mean --json\?\)/],
  [['hunt', 'conn.log'], /too many arguments/],
  [['hunt', '--analytic', 'AN1'], /No analytic AN1. There are: AN1057/],
  [['hunt', '--set', 'TimeWindow'], /must be NAME=VALUE/],
  [['hunt', '--set', 'Nothing=1'], /No analytic has a tunable Nothing/],
  [['hunt', '--set', 'AN1057.Nothing=1'], /AN1057 has no tunable Nothing/],
  [['hunt', '--set', 'AN1057.TimeWindow=0'], /AN1057.TimeWindow must be a whole number of seconds from 1 to/],
  [['hunt', '--from', 'yesterday'], /ISO 8601/],
  [['hunt', '--from', '2026-01-02', '--to', '2026-01-01'], /from lies after to/],
  [['hunt', '--rejects', 'r'], /--rejects goes with --input/],
  [['hunt', '--input', 'x', '--data', 'y'], /cannot be used with/],
  [['import'], /missing required argument/],
  [['serve', '--port', '65536'], /SCANHOUND_PORT \(--port\): must be a port/],
  [['serve', '--set', 'Nothing=1'], /No analytic has a tunable Nothing/],
];

for (const [args, says] of wrong)
  test(`wrong usage ends with 2, on one line: ${args.join(' ')}`, async () => {
    const error = await createProgram()
      .parseAsync(args, { from: 'user' })
      .catch((thrown: unknown) => thrown);
    const { exitCode, line } = toReport(error);
    assert.equal(exitCode, 2, line);
    assert.match(line ?? '', says);
    assert.match(line ?? '', /^scanhound: [^\n]+\[[A-Z_]+\]$/);
  });

test('the process ends so: its error on standard error, no store made', async (t) => {
  const folder = ownFolder(t);
  const { code, stdout, stderr } = await run(folder, ['hunt', '--set', 'Nothing=1']);
  assert.deepEqual([code, stdout], [2, '']);
  assert.match(stderr, /^scanhound: No analytic has a tunable Nothing\. [^\n]+\n$/);
  assert.deepEqual(readdirSync(folder), []);
});

test('no command shows the help and ends with 2; help itself with 0', async (t) => {
  const folder = ownFolder(t);
  const [none, help] = await Promise.all([run(folder, []), run(folder, ['hunt', '--help'])]);
  assert.deepEqual([none.code, none.stdout], [2, '']);
  assert.match(none.stderr, /Usage: scanhound/);
  assert.equal(help.code, 0);
  assert.match(help.stdout, /--input/);
});

test('what is no error of ours is told on one line, without a stack', () => {
  assert.deepEqual(toReport(new TypeError('x is not a function')), {
    exitCode: 1,
    line: 'scanhound: x is not a function. This should not happen: please report it. [INTERNAL]',
  });
  assert.match(toReport('thrown').line ?? '', /^scanhound: thrown\. /);
  assert.match(toReport(null).line ?? '', /^scanhound: null\. /);
});

test('the analytics are shown with every tunable, within 120 columns, or as JSON', async (t) => {
  const folder = ownFolder(t);
  const [table, json] = await Promise.all([run(folder, ['analytics']), run(folder, ['analytics', '--json'])]);
  assert.deepEqual([table.code, json.code], [0, 0]);
  const { stdout } = table;
  for (const line of stdout.split('\n')) assert.ok(line.length <= 120, line);
  for (const { id, tunables } of analytics)
    for (const name of [id, ...Object.keys(tunables)]) assert.ok(stdout.includes(name), name);
  const shown = json.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(shown, analytics);
});
