import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EcsDocument } from '../../../queries/document.js';
import type { EngineName } from '../../../scripts/engines/engine.js';
import { bucketsInTime } from '../../../server/backends/search/buckets-in-time.js';
import { createAll } from '../../../server/backends/search/bulk.js';
import { SearchEvents } from '../../../server/backends/search/events.js';
import { SearchTelemetry } from '../../../server/backends/search/telemetry.js';
import { TelemetryIndex } from '../../../server/backends/search/telemetry-index.js';
import { AppError } from '../../../server/model/app-error.js';
import { wholly } from '../../../server/model/spans.js';
import { subjectKey } from '../../../server/model/subject.js';
import { ALL, address, plans } from '../../contract/on-telemetry.js';
import { Cast } from '../../scenarios/cast.js';
import { imported } from '../../scenarios/play.js';
import { zeekConn } from '../../scenarios/telemetry/sensors.js';
import { sysmonConnection } from '../../scenarios/telemetry/windows.js';
import { at, DAY, iso, repeat } from '../../scenarios/times.js';
import { openTelemetry } from './open-engine.js';

type Opened = Awaited<ReturnType<typeof openTelemetry>>;

const now = () => at(30 * DAY);
const flow = (index: number): EcsDocument =>
  zeekConn({
    at: at(0),
    from: '10.0.0.1',
    to: `10.${1 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`,
    port: 443,
  });

/** What only an engine can break, or only its telemetry has. */
export function searchTelemetryContract(name: EngineName): void {
  const on = (what: string, use: (opened: Opened) => Promise<void>) =>
    test(`${name}: telemetry: ${what}`, async () => {
      const opened = await openTelemetry(name, now);
      try {
        await use(opened);
      } finally {
        await opened.close();
      }
    });
  const write = async ({ connection, index }: Opened, documents: readonly EcsDocument[]) => {
    await createAll(
      connection,
      index,
      documents.map((document, id) => ({ id: String(id), document })),
    );
    await connection.request((client) => client.indices.refresh({ index }));
  };
  const contactsOf = async (telemetry: SearchTelemetry, subject: string) => {
    for await (const { contacts } of telemetry.contacts([{ subject, spans: [ALL] }])) return contacts;
    return [];
  };

  on('more records of one instant than an answer holds are all read, and those around them', async (opened) => {
    const { events, telemetry } = opened;
    const later = zeekConn({ at: at(1), from: '10.0.0.1', to: '10.9.9.9', port: 80 });
    const before = zeekConn({ at: at(-1), from: '10.0.0.1', to: '10.9.9.8', port: 80 });
    await events.append({ key: 'k', events: imported([later, ...repeat(12_345, flow), before]) });
    const contacts = await contactsOf(telemetry, address('10.0.0.1'));
    assert.equal(contacts.length, 12_347);
    assert.equal(new Set(contacts.map(({ destination }) => destination)).size, 12_347);
    assert.deepEqual([contacts.at(0)!.port, contacts.at(-1)!.port], [80, 80]);
  });

  on('a program is found however its path is spelt', async ({ events, telemetry }) => {
    const machine = new Cast(0).machine();
    const spellings = [
      'C:\\Tools\\NMAP.EXE',
      'c:\\tools\\nmap.exe',
      'C:\\\u212aelvin\\*?.exe',
      'C:\\\u0130\u00c4\\x.exe',
    ];
    await events.append({
      key: 'k',
      events: imported(
        spellings.flatMap((program, place) =>
          repeat(16, (host) =>
            sysmonConnection({ at: at(place, host), machine, program, to: `10.0.${place}.${host}`, port: 1 }),
          ),
        ),
      ),
    });
    const suspects = await telemetry.suspects(plans.windows, ALL);
    const subjects = [...new Set(spellings.map((one) => one.toLowerCase()))].map((process) =>
      subjectKey({ kind: 'process', host: machine.id, container: '', process }),
    );
    assert.deepEqual(suspects.map(({ subject }) => subject).toSorted(), subjects.toSorted());
    const found = await Promise.all(subjects.map((subject) => contactsOf(telemetry, subject)));
    assert.deepEqual(
      found.map(({ length }) => length),
      [32, 16, 16],
    );
  });

  on(
    'a program of which the path is too long to be grouped by is found all the same',
    async ({ events, telemetry }) => {
      const machine = new Cast(0).machine();
      const program = `C:\\${'x'.repeat(9_000)}.exe`;
      const documents = repeat(16, (host) =>
        sysmonConnection({ at: at(host), machine, program, to: `10.0.0.${host}`, port: 1 }),
      );
      await events.append({ key: 'k', events: imported(documents) });
      const [suspect] = await telemetry.suspects(plans.windows, ALL);
      const subject = subjectKey({ kind: 'process', host: machine.id, container: '', process: program.toLowerCase() });
      assert.equal(suspect?.subject, subject);
      assert.equal((await contactsOf(telemetry, subject)).length, 16);
    },
  );

  for (const [what, change, count] of [
    ['tell all show polling', () => ({}), 0],
    ['name two destinations show no polling', (to: string) => ({ 'destination.ip': [to, '10.201.0.1'] }), 1],
    ['leave their system to be guessed show no polling', () => ({ 'host.os.type': undefined }), 1],
  ] as const)
    on(`documents that ${what}`, async (opened) => {
      const machine = new Cast(0).machine();
      const poll = (round: number, host: number): EcsDocument => {
        const to = `10.200.0.${host}`;
        const contact = { at: at(60 * round, host), machine, program: 'c:\\poll.exe', to, port: 443 };
        return { ...sysmonConnection(contact), ...change(to) };
      };
      await write(opened, repeat(51, (round) => repeat(20, (host) => poll(round, host))).flat());
      const suspects = await opened.telemetry.suspects(plans.windows, { from: at(3_000), to: at(3_060) });
      assert.equal(suspects.length, count);
    });

  on('buckets are the same in pages of any size', async (opened) => {
    const { connection, index, events } = opened;
    const timed = (n: number): EcsDocument => ({
      ...flow(n % 50),
      '@timestamp': iso(at(n)),
      'event.start': n % 4 === 0 ? iso(at(n)) : undefined,
    });
    await events.append({ key: 'k', events: imported(repeat(500, timed)) });
    const telemetry = new TelemetryIndex(connection, index);
    const inPages = async (page: number) => {
      const found: string[] = [];
      const grouping = { query: { match_all: {} }, spans: [ALL], everyMs: 20_000, by: ['destination.ip'], page };
      for await (const buckets of bucketsInTime(telemetry, grouping))
        found.push(...buckets.map((bucket) => JSON.stringify([bucket.key, bucket.doc_count])));
      return found;
    };
    const whole = await inPages(10_000);
    assert.equal(whole.length, 500);
    for (const page of [1_000, 60, 7]) assert.deepEqual(await inPages(page), whole);
  });

  on('a document that does not tell its arrival came at its own time, but not before that', async (opened) => {
    const { telemetry } = opened;
    const ahead = { ...flow(3), 'event.start': undefined, '@timestamp': iso(at(31 * DAY)) };
    await write(opened, [flow(1), flow(2), ahead]);
    assert.equal(await telemetry.position(), at(0));
    assert.deepEqual(await telemetry.touched({ after: 0, until: at(0) }), [wholly({ from: at(0), to: at(0) })]);
    assert.deepEqual(await telemetry.touched({ after: at(0), until: at(1) }), []);
  });

  on('what may not be searchable yet is left to the next hunt', async (opened) => {
    const { connection, index, events } = opened;
    await events.append({ key: 'a', events: imported([flow(1)]) });
    const settling = new SearchTelemetry(connection, index, { now, settlingMs: 60_000 });
    assert.equal(await settling.position(), at(30 * DAY) - 60_000);
    const later = new SearchTelemetry(connection, index, { now: () => now() + 60_000, settlingMs: 60_000 });
    assert.equal(await later.position(), at(30 * DAY));
  });

  on('a batch that was cut short is whole when it is sent again', async ({ connection, index, telemetry }) => {
    let requests = 0;
    const failing = Object.assign(Object.create(connection), {
      request: (send: Parameters<typeof connection.request>[0]) => {
        if (++requests > 5) throw new AppError('ENGINE_UNAVAILABLE', 'gone');
        return connection.request(send);
      },
    }) as typeof connection;
    const batch = { key: 'k', events: imported(repeat(5_000, flow)) };
    await assert.rejects(async () => (await SearchEvents.open(failing, index, now)).append(batch), /gone/);
    const events = await SearchEvents.open(connection, index, now);
    assert.equal((await events.append(batch)).stored, 5_000);
    assert.equal((await events.append(batch)).repeated, 5_000);
    assert.equal((await contactsOf(telemetry, address('10.0.0.1'))).length, 5_000);
  });

  on('a field that hunts rest on and that is cut into words is refused by its name', async (opened) => {
    const { connection, index } = opened;
    const other = `${index}-texts`;
    const mappings = { properties: { 'host.id': { type: 'text' as const } } };
    await connection.request((client) => client.indices.create({ index: other, mappings }));
    try {
      const telemetry = new SearchTelemetry(connection, `${index}*`, { now, settlingMs: 0 });
      await assert.rejects(telemetry.suspects(plans.linux, ALL), {
        code: 'ENGINE_REFUSED',
        message:
          /^host\.id can't be hunted by: in test-.* it is (text and keyword|keyword and text), in ECS keyword\.$/,
      });
    } finally {
      await connection.request((client) => client.indices.delete({ index: other }));
    }
  });
}
