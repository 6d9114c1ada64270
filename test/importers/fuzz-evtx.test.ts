import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { UnusableDocument } from '../../mappings/rows.js';
import { Random } from '../../scripts/simulate/random.js';
import { needsData, sharedData } from '../shared-data.js';
import { rowsOf } from './judge.js';
import { readText } from './read-text.js';

/** Another one for another look. */
const SEED = Number(process.env.SCANHOUND_FUZZ_SEED ?? 20_260_131);
const HEADER = Buffer.concat([Buffer.from('ElfFile\0'), Buffer.alloc(4088)]);
const FILE_HEADER = 4096;
const BLOCK = 64 * 1024;
const FIRST_RECORD = 512;
const BLOCKS_A_FILE = 12;

/** A block of one record, an element without a template: the smallest that the format allows. */
function handmade(): Buffer {
  const name = Buffer.from('Event\0', 'utf16le');
  const element = Buffer.from('0f010100010000000000000000000000000000000500', 'hex');
  const xml = Buffer.concat([element, name, Buffer.from('0300', 'hex')]);
  const size = 24 + xml.length + 4;
  const block = Buffer.alloc(BLOCK);
  block.write('ElfChnk\0');
  block.writeUInt32LE(128, 40);
  block.writeUInt32LE(FIRST_RECORD, 44);
  block.writeUInt32LE(FIRST_RECORD + size, 48);
  block.writeUInt32LE(0x2a2a, FIRST_RECORD);
  block.writeUInt32LE(size, FIRST_RECORD + 4);
  block.writeBigUInt64LE(1n, FIRST_RECORD + 8);
  block.writeBigUInt64LE(134_138_592_000_000_000n, FIRST_RECORD + 16);
  xml.copy(block, FIRST_RECORD + 24);
  block.writeUInt32LE(size, FIRST_RECORD + size - 4);
  return block;
}

/** Harms bytes of the records and now and then of the block's header, by which the reader finds its way. */
function harmed(block: Buffer, random: Random): Buffer {
  const copy = Buffer.from(block);
  const end = Math.max(FIRST_RECORD + 1, block.readUInt32LE(48));
  for (let times = random.integer(1, 24); times > 0; times -= 1) {
    const at = random.chance(0.1) ? random.integer(8, FIRST_RECORD - 1) : random.integer(FIRST_RECORD, end - 1);
    const harm = random.pick(['flip', 'fill', 'move']);
    if (harm === 'flip') copy[at] = copy[at]! ^ (1 << random.integer(0, 7));
    else if (harm === 'fill') copy.fill(random.pick([0, 1, 0x2a, 0x7f, 0xff]), at, at + random.integer(1, 64));
    else copy.copy(copy, at, random.integer(FIRST_RECORD, end - 1), end);
  }
  return copy;
}

async function fuzz(block: Buffer, name: string, files: number): Promise<void> {
  const unharmed = (await readText(Buffer.concat([HEADER, block]))).events;
  for (let file = 0; file < files; file += 1) {
    const random = Random.of(SEED, name, String(file));
    const where = `seed ${SEED}, ${name}, file ${file}`;
    const blocks = Array.from({ length: BLOCKS_A_FILE }, () => harmed(block, random));
    const { events, results, rejected, error } = await readText(Buffer.concat([HEADER, ...blocks, block]));
    assert.equal(error, undefined, where);
    const [{ records, ignored } = { records: 0, ignored: 0 }] = results;
    assert.equal(records, events.length + ignored + rejected.length, `${where}: each gives an event or is told`);
    const last = events.slice(events.length - unharmed.length);
    const originals = unharmed.map(({ original }) => original);
    assert.deepEqual(
      last.map(({ original }) => original),
      originals,
      `${where}: the unharmed block at its end`,
    );
    for (const { document } of events) {
      try {
        rowsOf(document);
      } catch (thrown) {
        assert.ok(thrown instanceof UnusableDocument, `${where}: ${thrown}`);
      }
    }
  }
}

test('harmed blocks of a Windows event log: each record is told, and the unharmed block behind them is read', () =>
  fuzz(handmade(), 'handmade', 20));

test('harmed blocks of real Windows event logs', needsData, async () => {
  for (const name of ['evtx-attack-samples/DE_sysmon-3-rdp-tun.evtx', 'sigma-regression/advanced_port_scanner.evtx']) {
    const bytes = await readFile(join(sharedData ?? '', name));
    await fuzz(bytes.subarray(FILE_HEADER, FILE_HEADER + BLOCK), name, 8);
  }
});
