import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Random } from '../../scripts/simulate/random.js';
import type { Place, Reached } from '../../server/importers/checkpoint.js';
import { Collector } from '../../server/importers/collector.js';
import type { FileResult } from '../../server/importers/file-result.js';
import { jsonFormats, textFormats } from '../../server/importers/formats.js';
import { JsonReader } from '../../server/importers/json-reader.js';
import { TextReader } from '../../server/importers/text-reader.js';
import { zeekSweep } from '../api/zeek-sweep.js';
import { textSeeds } from './fuzz-seeds.js';

interface Told {
  keys: string[];
  rejects: string[];
  /** With how many batches and rejects were told before. */
  reached: { reached: Reached; batches: number; rejects: number }[];
  result: FileResult;
}

interface Case {
  text: string;
  /** Absent: JSON. */
  format?: string;
}

/** Reads a text in pieces, from a place on. */
function read({ text, format }: Case, pieces: readonly number[], from?: Reached): Told {
  const collector = new Collector('file', from?.result);
  const known = textFormats.find(({ name }) => name === format);
  const place: Place | undefined = from?.place;
  const reader = known ? new TextReader(known, collector, place) : new JsonReader(jsonFormats, collector, place);
  const told: Told = { keys: [], rejects: [], reached: [], result: collector.result };
  let at = place?.position ?? 0;
  for (let piece = 0; at < text.length; piece += 1) {
    const length = pieces[piece % pieces.length]!;
    reader.push(text.slice(at, at + length));
    at += length;
  }
  reader.end();
  for (const step of collector.close()) {
    if (step.kind === 'batch') told.keys.push(step.batch.key);
    else if (step.kind === 'rejected') told.rejects.push(`${step.rejected.line} ${step.rejected.message}`);
    else if (step.kind === 'reached')
      told.reached.push({ reached: step.reached, batches: told.keys.length, rejects: told.rejects.length });
  }
  return told;
}

const many = (format: string, count: number): string[] => {
  const { head, lines } = textSeeds.find((seed) => seed.format === format)!;
  const numbered = (line: string, n: number) =>
    line.replace(/(?<=audit\(\d+\.\d+:)/, String(n)).replaceAll('40000', String(1_024 + (n % 60_000)));
  return [...head, ...Array.from({ length: count }, (_, n) => lines.map((line) => numbered(line, n))).flat()];
};
const LONG = 5_000;
const json = Array.from({ length: LONG / 100 }, (_, n) => zeekSweep(100, `10.1.0.${n}`)).flat();
const random = Random.of(7);

/** Noise and damage between the records; some records share a line, some take two. */
const rough = json.map((line) => {
  const odd = random.integer(0, 60);
  if (odd === 0) return `${line}${line}`;
  if (odd === 1) return `noise\n${line.replace(',', ',\n')}`;
  if (odd === 2) return `${line.slice(0, -9)}\n{"other":1}`;
  return odd === 3 ? `{"index":{}}\n${line}` : line;
});
const group = (count: number): object => ({
  time: '2026-02-03T04:06:00.0Z',
  category: 'NetworkSecurityGroupFlowEvent',
  properties: {
    Version: 2,
    flows: [
      {
        rule: 'R',
        flows: [{ flowTuples: Array.from({ length: count }, (_, n) => `1770091500,10.1.0.7,10.1.0.9,${n},22,T,O,A`) }],
      },
    ],
  },
});
const zeek = many('Zeek text logs', 3_000);
const otherColumns = '#fields\tts\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tconn_state';
const vpc = 'srcaddr dstaddr srcport dstport protocol start action';
const vpcLines = Array.from({ length: LONG }, (_, n) => `10.1.0.7 10.1.0.9 ${n} 22 6 1770091500 REJECT`);

const cases: Readonly<Record<string, Case>> = {
  'JSON lines': { text: `${json.join('\n')}\n` },
  'JSON lines, rough': { text: rough.join('\r\n') },
  'JSON records that hold thousands': {
    text: Array.from({ length: 8 }, (_, n) => JSON.stringify(group(n === 2 ? 3_000 : 1_000))).join('\n'),
  },
  'Zeek, whose columns change': {
    text: [...zeek, otherColumns, ...zeek.slice(6).map((line) => line.split('\t').toSpliced(1, 1).join('\t'))].join(
      '\n',
    ),
    format: 'Zeek text logs',
  },
  'AWS, with a header': { text: `${[vpc, ...vpcLines].join('\n')}\n`, format: 'AWS VPC flow logs' },
  auditd: { text: `${many('auditd', LONG / 2).join('\n')}\n`, format: 'auditd' },
};

for (const [name, given] of Object.entries(cases))
  test(`from any place on, and in any pieces, the rest is read as in one go: ${name}`, () => {
    const whole = read(given, [given.text.length]);
    const places = whole.reached.filter(({ reached }) => reached.place);
    assert.ok(places.length >= 2, `${places.length} places`);
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 5 }),
        fc.nat(places.length - 1),
        (pieces, choice) => {
          const { reached, batches, rejects } = places[choice]!;
          const rest = read(
            given,
            pieces.map((length) => length + given.text.length / 1_000),
            reached,
          );
          assert.deepEqual(rest.keys, whole.keys.slice(batches));
          assert.deepEqual(rest.rejects, whole.rejects.slice(rejects));
          assert.deepEqual(rest.result, whole.result);
          assert.deepEqual(
            rest.reached.map((one) => one.reached),
            whole.reached.slice(whole.reached.length - rest.reached.length).map((one) => one.reached),
          );
        },
      ),
      { numRuns: 20 },
    );
  });

test('within an array there is no place to go on', () => {
  const { reached } = read({ text: `[${json.join(',\n')}]` }, [10_000]);
  assert.deepEqual(
    reached.map(({ reached: { place, isFinished } }) => [place?.position, isFinished]),
    [[json.join(',\n').length + 2, true]],
  );
});
