import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type EcsDocument, readText as textAt } from '../../queries/document.js';
import { windows } from '../../queries/integrations/windows.js';
import { matches } from '../../queries/matches.js';
import { evtxBlocks } from '../../server/importers/evtx-blocks.js';
import { EvtxThread } from '../../server/importers/evtx-thread.js';
import { readSources } from '../../server/importers/read-sources.js';
import { needsData, sharedData } from '../shared-data.js';
import { gather, readText } from './read-text.js';

const HEADER = Buffer.concat([Buffer.from('ElfFile\0'), Buffer.alloc(4088)]);
const BLOCK = 64 * 1024;

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const blocksOf = async (bytes: Buffer, size: number) => {
  const blocks: { number: number; first: number | undefined; length: number }[] = [];
  for await (const { number, bytes: block } of evtxBlocks(inPieces(bytes, size)))
    blocks.push({ number, first: block[0], length: block.length });
  return blocks;
};

test('blocks are cut the same whatever pieces the file comes in', async () => {
  const file = Buffer.concat([HEADER, Buffer.alloc(BLOCK, 1), Buffer.alloc(BLOCK, 2), Buffer.alloc(10, 3)]);
  for (const size of [7, 4096, BLOCK, file.length])
    assert.deepEqual(await blocksOf(file, size), [
      { number: 1, first: 1, length: BLOCK },
      { number: 2, first: 2, length: BLOCK },
      { number: 3, first: 3, length: 10 },
    ]);
  assert.deepEqual(await blocksOf(HEADER.subarray(0, 100), 100), []);
});

test('what is no block is told, and the file goes on', async () => {
  const { events, rejected, results, error } = await readText(
    Buffer.concat([HEADER, Buffer.alloc(BLOCK, 1), Buffer.alloc(BLOCK), Buffer.alloc(BLOCK, 2)]),
  );
  assert.equal(error, undefined);
  assert.deepEqual(events, []);
  assert.deepEqual(
    rejected.map(({ line, reason, message }) => [line, reason, message]),
    [
      [1, 'truncated', 'Block 1: It is no block of records'],
      [2, 'truncated', 'Block 3: It is no block of records'],
    ],
  );
  assert.deepEqual(results[0]?.formats, ['Windows event log (EVTX)']);
});

test('a log without records is read', async () => {
  const { results, rejected } = await readText(Buffer.concat([HEADER, Buffer.alloc(BLOCK)]));
  assert.equal(results[0]?.state, 'read');
  assert.deepEqual(rejected, []);
});

test('a block that takes too long stops the thread, not us', async () => {
  const thread = new EvtxThread(0);
  await assert.rejects(thread.read(new Uint8Array(BLOCK)), /without end/);
  await thread.close();
});

describe('real logs', needsData, () => {
  const folder = sharedData ?? '';
  const read = (...names: string[]) => gather(readSources(names.map((name) => join(folder, name))));
  const rule = windows.contact!;
  const count = (documents: EcsDocument[], code: string, isOutgoing = true) =>
    documents.filter(
      (one) =>
        textAt(one, 'event.code') === code &&
        matches(rule.begun, one) &&
        matches(rule.inbound!, one) !== isOutgoing &&
        textAt(one, 'source.ip') !== undefined &&
        textAt(one, 'destination.ip') !== undefined,
    ).length;

  for (const [file, code, out, records] of [
    ['evtx-attack-samples/DE_RDP_Tunnel_5156.evtx', '5156', 36, 101],
    ['evtx-attack-samples/DE_sysmon-3-rdp-tun.evtx', '3', 13, 73],
    ['evtx-attack-samples/discovery_enum_shares_target_sysmon_3_18.evtx', '3', 0, 4],
    ['beats/sysmon-9.01.evtx', '3', 13, 32],
  ] as const)
    test(`${file}: ${out} contacts in ${records} records`, async () => {
      const { documents, results, rejected } = await read(file);
      assert.deepEqual(rejected, []);
      assert.equal(results[0]?.records, records);
      assert.equal(count(documents, code), out);
    });

  test('values behind a truth value are where they belong', async () => {
    const { documents } = await read('evtx-attack-samples/DE_sysmon-3-rdp-tun.evtx');
    const tunnel = documents.find((one) => one['destination.port'] === 3389);
    assert.equal(tunnel?.['destination.ip'], '127.0.0.2');
    assert.equal(tunnel?.['source.ip'], '127.0.0.1');
  });

  for (const name of [
    'atomic-evtx/T1046-3_Sysmon',
    'atomic-evtx/T1046-11_Sysmon',
    'sigma-regression/advanced_port_scanner',
  ])
    test(`${name}: the same documents as from its export to JSON`, async () => {
      const binary = await read(`${name}.evtx`);
      const exported = await read(`${name}.json`);
      assert.ok(binary.documents.length > 0);
      assert.equal(binary.documents.length, exported.documents.length);
      for (const [at, document] of exported.documents.entries())
        assert.deepEqual(trimmed(binary.documents[at]), trimmed(asInTheLog(document)), `${name} ${at}`);
    });

  /** Exporters treat the spaces at the end of a value in their own ways. */
  const trimmed = (document: EcsDocument = {}): EcsDocument =>
    Object.fromEntries(
      Object.entries(document).map(([name, value]) => [name, typeof value === 'string' ? value.trimEnd() : value]),
    );

  /** The exporter left the entities of its XML in the values, and writes hexadecimal its own way. */
  const asInTheLog = (document: EcsDocument): EcsDocument =>
    JSON.parse(
      JSON.stringify(document)
        .replaceAll('&gt;', '>')
        .replaceAll('&lt;', '<')
        .replaceAll('&amp;', '&')
        .replace(/(?<="winlog\.logon\.id":")0x[\dA-F]+/, (id) => id.toLowerCase()),
    );

  test('the same connections as Beats index from it', async () => {
    const sockets = (documents: EcsDocument[]) =>
      documents
        .filter((one) => textAt(one, 'event.code') === '3')
        .map((one) => ['source.ip', 'destination.ip', 'destination.port', 'process.pid'].map((at) => textAt(one, at)));
    const binary = await read('beats/sysmon-9.01.evtx');
    const indexed = await read('beats/sysmon-9.01.golden.json');
    assert.equal(sockets(binary.documents).length, 16);
    assert.deepEqual(sockets(binary.documents), sockets(indexed.documents));
  });

  test('a file that is cut gives what is whole, and says so', async () => {
    const whole = await readFile(join(folder, 'evtx-attack-samples/DE_RDP_Tunnel_5156.evtx'));
    const { documents, rejected } = await readText(whole.subarray(0, 60_000));
    assert.equal(count(documents, '5156'), 34);
    assert.deepEqual(
      rejected.map(({ reason, message }) => [reason, message]),
      [['truncated', 'Block 1: Its records break off after 90']],
    );
    for (const { reason } of rejected) assert.equal(reason, 'truncated');
  });

  test('damage within a block costs its records only', async () => {
    const whole = await readFile(join(folder, 'evtx-attack-samples/DE_RDP_Tunnel_5156.evtx'));
    const { results, error } = await readText(Buffer.concat([whole, Buffer.alloc(BLOCK, 7), whole.subarray(4096)]));
    assert.equal(error, undefined);
    assert.equal(results[0]?.records, 203);
    assert.deepEqual(results[0]?.rejected, { truncated: 1 });
  });
});
