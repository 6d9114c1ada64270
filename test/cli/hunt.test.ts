import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { zeekSweep } from '../api/zeek-sweep.js';
import { ended, ownFolder, run, start } from './run-cli.js';

const sweep = `${zeekSweep(25).join('\n')}\n`;

test('files are hunted at once: a table on standard output, nothing left on disk', async (t) => {
  const folder = ownFolder(t);
  writeFileSync(join(folder, 'conn.log'), sweep);
  const { code, stdout, stderr } = await run(folder, ['hunt', '--input', 'conn.log']);
  assert.equal(code, 0, stderr);
  assert.match(
    stdout,
    /^What +Who +Where +How many +When +Score\nAN1058 horizontal +10\.0\.0\.5 .*25 hosts, 1 port +2026-01-31 08:00:00 24s +\d+ \w+\n$/,
  );
  for (const line of stdout.split('\n')) assert.ok(line.length <= 120);
  assert.match(stderr, /Zeek JSON logs: 1 file, 25 records: 25 events, 0 ignored, 0 rejected/);
  assert.deepEqual(readdirSync(folder), ['conn.log']);
});

test('--json prints whole alerts, one a line, and nothing else on standard output', async (t) => {
  const folder = ownFolder(t);
  mkdirSync(join(folder, 'logs'));
  writeFileSync(join(folder, 'logs', 'conn.log'), sweep);
  writeFileSync(join(folder, 'logs', 'notes.txt'), 'Buy milk.\n');
  const { code, stdout, stderr } = await run(folder, ['hunt', '--json', '--input', 'logs']);
  assert.equal(code, 0, stderr);
  const alerts = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(alerts.length, 1);
  assert.match(alerts[0].id, /^[0-9a-f]{32}$/);
  assert.equal(alerts[0].event.kind, 'alert');
  assert.equal(alerts[0].scanhound.state, 'active');
  assert.match(stderr, /Skipped logs.notes\.txt: no known format/);
});

test('standard input, patterns, a span, an analytic and tunables', async (t) => {
  const folder = ownFolder(t);
  writeFileSync(join(folder, 'a.log'), sweep);
  writeFileSync(join(folder, 'b.log'), zeekSweep(25, '10.0.0.6').join('\n'));
  const alerts = async (args: string[], input?: string) => {
    const { code, stdout, stderr } = await run(folder, ['hunt', '--json', ...args], input);
    assert.equal(code, 0, stderr);
    return stdout.split('\n').length - 1;
  };
  assert.equal(await alerts(['--input', '-'], sweep), 1);
  assert.equal(await alerts(['--input', '*.log']), 2);
  assert.equal(await alerts(['--input', 'a.log', '--input', 'b.log']), 2);
  assert.equal(await alerts(['--input', '*.log', '--analytic', 'an1057,AN1059']), 0);
  assert.equal(await alerts(['--input', '*.log', '--to', '2026-01-31T07:59']), 0);
  const quiet = ['HostSweepThreshold', 'FailedSocketThreshold', 'AN1058.SequenceThreshold'];
  assert.equal(await alerts(['--input', '*.log', ...quiet.flatMap((name) => ['--set', `${name}=26`])]), 0);
});

test('a named file of unknown kind fails, and what else could be read is told all the same', async (t) => {
  const folder = ownFolder(t);
  writeFileSync(join(folder, 'conn.log'), sweep);
  writeFileSync(join(folder, 'notes.txt'), 'Buy milk.\n');
  const alone = await run(folder, ['hunt', '--input', 'notes.txt']);
  assert.deepEqual([alone.code, alone.stdout], [1, '']);
  assert.match(alone.stderr, /notes\.txt: no known format\. Known formats: .*Zeek/);
  const both = await run(folder, ['hunt', '--json', '--input', 'notes.txt', 'conn.log']);
  assert.equal(both.code, 1);
  assert.equal(both.stdout.split('\n').length, 2);
  const none = await run(folder, ['hunt', '--input', 'nothing.log']);
  assert.equal(none.code, 1);
  assert.match(none.stderr, /nothing\.log: no such file/);
});

test('rejected records are kept where it is asked, and counted', async (t) => {
  const folder = ownFolder(t);
  writeFileSync(join(folder, 'conn.log'), `${sweep}{"broken\n`);
  const first = await run(folder, ['hunt', '--input', 'conn.log']);
  assert.match(first.stderr, /1 rejected \([a-z ]+ 1\)\n.*--rejects FILE keeps/);
  assert.deepEqual(readdirSync(folder), ['conn.log']);
  await run(folder, ['hunt', '--input', 'conn.log', '--rejects', 'aside']);
  assert.equal(JSON.parse(readFileSync(join(folder, 'aside'), 'utf8')).line, 26);
});

test('names from telemetry can’t steer the terminal', async (t) => {
  const folder = ownFolder(t);
  const evil = 'x\u001b[2J\u202e';
  const lines = zeekSweep(25).map((line, at) =>
    JSON.stringify({
      '@timestamp': new Date(JSON.parse(line).ts * 1_000).toISOString(),
      event: { category: ['network'], type: ['start'], action: 'connection_attempted', module: 'endpoint' },
      host: { name: evil, os: { type: 'linux' } },
      process: { name: evil, executable: `/opt/${evil}`, entity_id: 'e' },
      source: { ip: '10.0.0.5' },
      destination: { ip: `10.0.0.${at + 10}`, port: 22 },
      network: { transport: 'tcp', direction: 'egress' },
    }),
  );
  const { stdout, stderr } = await run(folder, ['hunt', '--input', '-'], lines.join('\n'));
  assert.match(stdout, /AN1058/, stderr);
  assert.match(stdout, /x\\u001b\[2J/);
  for (const character of '\u001b\u202e') assert.ok(!(stdout + stderr).includes(character));
});

test('imported, hunted, imported again: the store keeps it', async (t) => {
  const folder = ownFolder(t);
  writeFileSync(join(folder, 'conn.log'), `${sweep}{"broken\n`);
  const empty = await run(folder, ['hunt']);
  assert.equal(empty.code, 1);
  assert.match(empty.stderr, /STORE_EMPTY/);
  assert.equal(existsSync(join(folder, 'scanhound-data')), false);
  const imported = await run(folder, ['import', 'conn.log']);
  assert.equal(imported.code, 0, imported.stderr);
  assert.equal(imported.stdout, '');
  assert.match(imported.stderr, /1 rejected record kept in scanhound-data.rejects\.ndjson/);
  const again = await run(folder, ['import', 'conn.log', '--data', 'scanhound-data']);
  assert.match(again.stderr, /0 events, 25 already stored by an earlier import/);
  const hunts = [await run(folder, ['hunt', '--json']), await run(folder, ['hunt', '--json'])];
  const ids = hunts.map(({ stdout }) => JSON.parse(stdout).id);
  assert.equal(ids[0], ids[1]);
});

test('a reader that has enough ends it quietly', async (t) => {
  const folder = ownFolder(t);
  const child = start(folder, ['hunt', '--json', '--input', '-']);
  child.stdout?.destroy();
  child.stdin?.end(sweep);
  const { code, stderr } = await ended(child);
  assert.equal(code, 0);
  assert.doesNotMatch(stderr, /EPIPE|Error/);
});

test('Ctrl-C ends it with 130', async (t) => {
  const child = start(ownFolder(t), ['hunt', '--input', '-']);
  const end = ended(child);
  // More than a pipe holds: once all of it is taken, the child is reading.
  await new Promise((resolve) => child.stdin?.write(sweep.repeat(50), resolve));
  child.kill('SIGINT');
  const { code, stdout, stderr } = await end;
  assert.deepEqual([code, stdout], [130, '']);
  assert.doesNotMatch(stderr, /at .*\.js/);
});

test('a dry run says what would change, and changes nothing', async (t) => {
  const folder = ownFolder(t);
  writeFileSync(join(folder, 'conn.log'), sweep);
  await run(folder, ['import', 'conn.log']);
  const dry = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(folder, ['hunt', '--dry-run', ...args]);
    assert.equal(code, 0, stderr);
    return stdout;
  };
  assert.match(await dry(), /^1 alert would be new:\nWhat .*\nAN1058 horizontal .*\n$/);
  assert.match(await dry(), /^1 alert would be new:/, 'the first one wrote nothing');
  await run(folder, ['hunt']);
  assert.equal(await dry(), 'Nothing would change.\n');
  writeFileSync(join(folder, 'more.log'), zeekSweep(25, '10.0.0.6').join('\n'));
  await run(folder, ['import', 'more.log']);
  assert.match(await dry(), /^1 alert would be new:\nWhat .*\nAN1058 horizontal +10\.0\.0\.6 .*\n$/);
  const quiet = ['HostSweepThreshold', 'FailedSocketThreshold', 'AN1058.SequenceThreshold'];
  const set = quiet.flatMap((name) => ['--set', `${name}=26`]);
  assert.match(await dry(...set), /^1 alert would not be found; only telemetry withdraws an alert, so it stays:\n/);
  const lower = await dry('--json', '--set', 'HostSweepThreshold=15');
  const changes = lower
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(changes.map(({ change }) => change).sort(), ['changed', 'new']);
  const refused = await run(folder, ['hunt', '--dry-run', '--input', 'conn.log']);
  assert.equal(refused.code, 2);
});
