import type { Random } from '../../scripts/simulate/random.js';

/** Texts that end records, strings or numbers elsewhere, that few encodings keep, or that grow. */
const HOSTILE: readonly string[] = [
  '\0',
  '\u0001\u001b[2J',
  '\ufeff',
  '\ud800',
  '\\ud800',
  '\\udc00\\ud800',
  '\\u0000',
  '\r',
  '\r\n',
  '\n',
  '\u2028',
  '"',
  '\\',
  '\\"',
  '{',
  '}',
  '[',
  ']',
  '[{',
  '}]',
  ',',
  ':',
  '|',
  '\t',
  '=',
  '<',
  '<![CDATA[',
  '&#x110000;',
  '&lol;',
  '{"a":',
  '{"events":[',
  '{"hits":{"hits":[',
  '"__proto__":{"x":1},',
  '__proto__',
  'constructor',
  '1e999',
  '-1e999',
  '9'.repeat(400),
  '99999999999999999999',
  '-0',
  'NaN',
  'null',
  'true',
  '[]',
  '{}',
  '%',
  '%zz',
  '%00',
  '\\x',
  '\\x0',
  '$1$&',
  '0x',
  '::',
  '::ffff:1.2.3.4%eth0',
  '999.999.999.999',
  '65536',
  '-1',
  '1601-01-01T00:00:00Z',
  '+275760-09-13T00:00:00Z',
  'x'.repeat(10_000),
  'é漢🛰️',
  '['.repeat(100),
  '{"a":'.repeat(100),
  '('.repeat(100),
];

const LEAVES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  2 ** 53,
  '',
  ' ',
  '-',
  'x',
  [],
  [[]],
  {},
  [null, {}, 'x'],
  { a: { b: 'x' } },
  '\ud800',
  '\u0000',
  '9'.repeat(400),
];

type Mutation = (bytes: Buffer, random: Random, others: readonly string[]) => Buffer;

const join = (...parts: readonly (Buffer | string)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
const place = (bytes: Buffer, random: Random): number => random.integer(0, bytes.length);

function range(bytes: Buffer, random: Random): [from: number, to: number] {
  const from = place(bytes, random);
  return [from, Math.min(bytes.length, from + random.integer(1, random.pick([2, 8, 64, 512])))];
}

const mutations: readonly Mutation[] = [
  function flip(bytes, random) {
    const copy = Buffer.from(bytes);
    for (let times = random.integer(1, 4); times > 0 && copy.length > 0; times -= 1) {
      const at = random.integer(0, copy.length - 1);
      copy[at] = copy[at]! ^ (1 << random.integer(0, 7));
    }
    return copy;
  },
  function remove(bytes, random) {
    const [from, to] = range(bytes, random);
    return join(bytes.subarray(0, from), bytes.subarray(to));
  },
  function insert(bytes, random) {
    const at = place(bytes, random);
    return join(bytes.subarray(0, at), random.pick(HOSTILE), bytes.subarray(at));
  },
  function insertBytes(bytes, random) {
    const at = place(bytes, random);
    const noise = Buffer.from(Array.from({ length: random.integer(1, 8) }, () => random.integer(0, 255)));
    return join(bytes.subarray(0, at), noise, bytes.subarray(at));
  },
  function repeat(bytes, random) {
    const [from, to] = range(bytes, random);
    return join(bytes.subarray(0, to), bytes.subarray(from));
  },
  function cut(bytes, random) {
    const at = place(bytes, random);
    return random.chance(0.5) ? bytes.subarray(0, at) : bytes.subarray(at);
  },
  function joinLines(bytes, random, others) {
    return join(bytes, random.pick(['', ' ', ',', '\r', '\0']), random.pick(others));
  },
  function cross(bytes, random, others) {
    const other = Buffer.from(random.pick(others));
    return join(bytes.subarray(0, place(bytes, random)), other.subarray(place(other, random)));
  },
  function wrap(bytes, random) {
    const open = random.pick([
      '[',
      '{"events":[',
      '{"Records":[',
      '{"took":1,"hits":{"hits":[',
      '{"index":{}}\n',
      '{"a":[',
    ]);
    return join(open, bytes, random.pick(['', ']', ']}', ']}}', ']}]', ',', ',{', ',"', '\n']));
  },
  function swapFields(bytes, random) {
    const separator = random.pick(['\t', ' ', ',', '|', '"', ':', '=']);
    const fields = bytes.toString('latin1').split(separator);
    const [one, two] = [random.integer(0, fields.length - 1), random.integer(0, fields.length - 1)];
    [fields[one], fields[two]] = [fields[two]!, fields[one]!];
    return Buffer.from(fields.join(separator), 'latin1');
  },
  retype,
  retype,
];

/** Another value, or another name, somewhere in a record of JSON; text that is none gets a value in place of a word. */
function retype(bytes: Buffer, random: Random): Buffer {
  const text = bytes.toString();
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch {
    const words = text.split(/(?<=[\s=|,])/);
    words[random.integer(0, words.length - 1)] = `${random.pick(LEAVES)} `;
    return Buffer.from(words.join(''));
  }
  const holders: Record<string, unknown>[] = [];
  const walk = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return;
    holders.push(value as Record<string, unknown>);
    for (const inner of Object.values(value)) walk(inner);
  };
  walk(record);
  const full = holders.filter((holder) => Object.keys(holder).length > 0);
  if (full.length === 0) return bytes;
  const holder = random.pick(full);
  const name = random.pick(Object.keys(holder));
  const value = random.chance(0.3) ? random.pick(full) : random.pick(LEAVES);
  if (random.chance(0.7)) {
    holder[name] = structuredClone(value); // it may be what holds it
    return Buffer.from(JSON.stringify(record));
  }
  return Buffer.from(
    text.replace(`"${name}"`, () => random.pick(['"__proto__"', '"constructor"', '""', `"${name}\\u0000"`])),
  );
}

/** A line with one to three wounds. May hold line breaks, or none of the line that it was. */
export function mutate(line: string, random: Random, others: readonly string[]): Buffer {
  let bytes: Buffer = Buffer.from(line);
  for (let times = random.integer(1, 3); times > 0; times -= 1) bytes = random.pick(mutations)(bytes, random, others);
  return bytes;
}
