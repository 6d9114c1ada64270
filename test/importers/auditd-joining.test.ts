import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { auditdRaw } from '../../server/importers/auditd.js';
import { type ParsedDocument, Rejected } from '../../server/importers/format.js';

function parse(...lines: string[]): ParsedDocument[] {
  const parser = auditdRaw.open();
  return [...lines.flatMap((line) => parser.line(line)), ...parser.end()];
}

const record = (type: string, body: string, serial = 7) => `type=${type} msg=audit(1700000000.125:${serial}): ${body}`;
const launch = (serial: number, exe = '/usr/bin/nmap') =>
  record('SYSCALL', `arch=c000003e syscall=59 success=yes exit=0 pid=91 comm="x" exe="${exe}"`, serial);
const end = (serial = 7) => record('PROCTITLE', 'proctitle="x"', serial);

test('interleaved events are joined by time, serial and host', () => {
  const parsed = parse(
    launch(1),
    `node=other ${launch(1, '/usr/bin/nc')}`,
    record('EXECVE', 'argc=1 a0="one"', 1),
    `node=other ${record('EXECVE', 'argc=1 a0="other"', 1)}`,
    `node=other ${end(1)}`,
    end(1),
  );
  assert.deepEqual(
    parsed.map(({ document }) => [document['host.name'], document['process.executable'], document['process.args']]),
    [
      ['other', '/usr/bin/nc', ['other']],
      [undefined, '/usr/bin/nmap', ['one']],
    ],
  );
  assert.equal(parsed[1]?.original, [launch(1), record('EXECVE', 'argc=1 a0="one"', 1), end(1)].join('\n'));
});

test('an event is complete at EOE, at PROCTITLE, or at the end of the file', () => {
  const parser = auditdRaw.open();
  assert.equal(parser.line(launch(1)).length, 0);
  assert.equal(parser.line(record('EOE', '', 1)).length, 1);
  assert.equal(parser.line(launch(2)).length, 0);
  assert.equal(parser.line(end(2)).length, 1);
  assert.equal(parser.line(record('EOE', '', 2)).length, 0);
  assert.equal(parser.line(launch(3)).length, 0);
  assert.equal(parser.end().length, 1);
  assert.equal(parser.end().length, 0);
});

test('a kernel that ends no event: the oldest are complete when too many are open', () => {
  const parser = auditdRaw.open();
  const found = Array.from({ length: 3000 }, (_, serial) => parser.line(launch(serial))).flat();
  assert.equal(found.length, 3000 - 1024);
  assert.equal(found[0]?.document['event.sequence'], 0);
  assert.equal(found.length + parser.end().length, 3000);
});

test('an event is bounded: what exceeds it is rejected, what came before stands', () => {
  const parser = auditdRaw.open();
  parser.line(launch(7));
  parser.line(record('EXECVE', `argc=9 a0="sh" a1=${'41'.repeat(400_000)}`));
  assert.throws(() => parser.line(record('EXECVE', `a2=${'41'.repeat(400_000)}`)), { reason: 'too_long' });
  const [found] = parser.line(end());
  assert.equal(found?.document['process.args_count'], 2);
});

test('all open events together are bounded', () => {
  const parser = auditdRaw.open();
  const long = `argc=1 a0=${'41'.repeat(500_000)}`;
  const found = Array.from({ length: 40 }, (_, serial) => [
    ...parser.line(launch(serial)),
    ...parser.line(record('EXECVE', long, serial)),
  ]).flat();
  assert.ok(found.length >= 20, `${found.length} were completed to make room`);
  assert.equal(found.length + parser.end().length, 40);
});

test('whatever a line holds, it is read or rejected', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'type=',
      'SYSCALL',
      ' msg=audit(1700000000.125:7): ',
      'a0[1]=',
      'saddr=',
      '"',
      "'",
      '{',
      '\u001d',
      '=',
      '0A',
    ),
  );
  fc.assert(
    fc.property(fc.array(fc.array(piece)), (lines) => {
      const parser = auditdRaw.open();
      for (const line of lines) {
        try {
          parser.line(line.join(''));
        } catch (error) {
          assert.ok(error instanceof Rejected);
        }
      }
      parser.end();
    }),
  );
});
