import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EcsDocument } from '../../queries/document.js';
import type { Events, Telemetry } from '../../server/model/ports.js';
import { wholly } from '../../server/model/spans.js';
import { Cast } from '../scenarios/cast.js';
import { imported } from '../scenarios/play.js';
import { auditExit, auditStart } from '../scenarios/telemetry/auditd.js';
import { zeekConn } from '../scenarios/telemetry/sensors.js';
import { at, repeat } from '../scenarios/times.js';

export interface OpenEvents {
  events: Events;
  telemetry: Telemetry;
  close(): Promise<void>;
}

const flow = (index = 0): EcsDocument =>
  zeekConn({ at: at(index), from: '10.0.0.1', to: `10.0.1.${index}`, port: 443 });

/** What every store of telemetry does with what it is given. `open` gives an empty one. */
export function eventsContract(backend: string, open: () => Promise<OpenEvents>): void {
  const on = (name: string, use: (backend: OpenEvents) => Promise<void>) =>
    test(`${backend}: events: ${name}`, async () => {
      const opened = await open();
      try {
        await use(opened);
      } finally {
        await opened.close();
      }
    });
  const everything = async (telemetry: Telemetry): Promise<number> => {
    let contacts = 0;
    const wanted = [{ subject: '["address","10.0.0.1"]', spans: [{ from: 0, to: at(1_000) }] }];
    for await (const page of telemetry.contacts(wanted)) contacts += page.contacts.length;
    return contacts;
  };

  on('a batch is stored, and only once', async ({ events, telemetry }) => {
    const batch = { key: 'k', events: imported(repeat(5, flow)) };
    assert.deepEqual(await events.append(batch), { stored: 5, repeated: 0, ignored: 0, rejected: [] });
    assert.deepEqual(await events.append(batch), { stored: 0, repeated: 5, ignored: 0, rejected: [] });
    assert.equal(await everything(telemetry), 5);
  });

  on('the same batch by two writers at once is stored once', async ({ events, telemetry }) => {
    const batch = { key: 'k', events: imported(repeat(5, flow)) };
    const results = await Promise.all([events.append(batch), events.append(batch)]);
    assert.deepEqual(results.map(({ stored }) => stored).toSorted(), [0, 5]);
    assert.equal(await everything(telemetry), 5);
  });

  on('batches given at once are each stored once, in their order', async ({ events, telemetry }) => {
    const batches = repeat(6, (batch) => ({ key: `k${batch % 4}`, events: imported(repeat(batch + 1, () => flow())) }));
    const results = await Promise.all(batches.map((batch) => events.append(batch)));
    assert.deepEqual(
      results.map(({ stored, repeated }) => [stored, repeated]),
      [
        [1, 0],
        [2, 0],
        [3, 0],
        [4, 0],
        [0, 5],
        [0, 6],
      ],
    );
    assert.equal(await everything(telemetry), 10);
  });

  on('an empty batch, and one larger than a page', async ({ events, telemetry }) => {
    assert.deepEqual(await events.append({ key: 'empty', events: [] }), {
      ...{ stored: 0, repeated: 0, ignored: 0, rejected: [] },
    });
    await events.append({ key: 'large', events: imported(repeat(5_000, () => flow())) });
    assert.equal(await everything(telemetry), 5_000);
  });

  on('a batch that fails leaves nothing, and can be sent again', async ({ events, telemetry }) => {
    const good = imported(repeat(3, flow));
    const thrown = new Error('broken');
    const broken = {
      ...good[2]!,
      document: new Proxy<EcsDocument>(
        {},
        {
          getOwnPropertyDescriptor: () => {
            throw thrown;
          },
        },
      ),
    };
    const before = await telemetry.position();
    await assert.rejects(events.append({ key: 'k', events: [good[0]!, broken, good[1]!] }));
    assert.equal(await everything(telemetry), 0);
    assert.equal(await telemetry.position(), before);
    assert.equal((await events.append({ key: 'k', events: good })).stored, 3);
  });

  on('what can not be used is told by its place and why; the rest goes on', async ({ events, telemetry }) => {
    const documents = [
      flow(),
      { ...flow(), 'event.start': undefined, '@timestamp': 'yesterday' },
      { ...flow(), 'event.start': undefined, '@timestamp': '1601-01-01T00:00:00.000Z' },
      { ...flow(), 'event.start': '2999-01-01T00:00:00Z' },
      { ...flow(), 'destination.ip': '10.0.0.256' },
      { ...flow(), 'destination.ip': undefined },
      { ...flow(), 'destination.port': 65_536 },
      flow(1),
    ];
    const { stored, rejected } = await events.append({ key: 'k', events: imported(documents) });
    assert.equal(stored, 2);
    assert.deepEqual(rejected, [
      { position: 1, reason: 'no_time' },
      { position: 2, reason: 'time_out_of_range' },
      { position: 3, reason: 'time_out_of_range' },
      { position: 4, reason: 'bad_address' },
      { position: 5, reason: 'no_address' },
      { position: 6, reason: 'bad_port' },
    ]);
    assert.equal(await everything(telemetry), 2);
  });

  on('what says nothing about a hunt is counted, not stored', async ({ events, telemetry }) => {
    const machine = new Cast(0).machine();
    const documents = [
      { ...flow(), 'destination.ip': '224.0.0.251' },
      { ...flow(), 'zeek.connection.history': 'h' },
      { '@timestamp': new Date(at(0)).toISOString(), message: 'nothing' },
      auditStart({ at: at(0), machine, program: '/bin/true' }),
      auditExit({ at: at(1), machine, program: '/bin/true' }),
    ];
    const { stored, ignored, rejected } = await events.append({ key: 'k', events: imported(documents) });
    assert.deepEqual({ stored, ignored, rejected }, { stored: 2, ignored: 3, rejected: [] });
    assert.equal(await everything(telemetry), 0);
  });

  on('the position moves with each batch, over what was rejected or ignored too', async ({ events, telemetry }) => {
    const start = await telemetry.position();
    await events.append({ key: 'a', events: imported([flow()]) });
    const first = await telemetry.position();
    assert.ok(first > start);
    await events.append({ key: 'a', events: imported([flow()]) });
    assert.equal(await telemetry.position(), first);
    await events.append({ key: 'b', events: imported([{ ...flow(1), 'destination.port': -1 }, flow(2)]) });
    const second = await telemetry.position();
    assert.ok(second > first);
    assert.deepEqual(await telemetry.touched({ after: first, until: second }), [wholly({ from: at(2), to: at(2) })]);
  });
}
