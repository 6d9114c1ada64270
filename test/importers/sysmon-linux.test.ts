import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { EcsDocument } from '../../queries/document.js';
import { sysmonLinux } from '../../queries/integrations/windows.js';
import { matches } from '../../queries/matches.js';
import { readSources } from '../../server/importers/read-sources.js';
import { needsData, sharedData } from '../shared-data.js';
import { gather, readText } from './read-text.js';

const data = {
  UtcTime: '2026-01-31 12:00:00.250',
  ProcessGuid: '{ab12cd34-0000-0000-0000-000000000001}',
  ProcessId: '77',
  Image: '/usr/bin/nc',
  User: 'ann',
};
const connection = {
  ...data,
  Protocol: 'tcp',
  Initiated: 'true',
  SourceIp: '10.1.1.1',
  SourcePort: '50001',
  DestinationIp: '10.1.1.9',
  DestinationPort: '445',
};

const event = (id: number, values: Record<string, string>): string =>
  `<Event><System><Provider Name="Linux-Sysmon" Guid="{1}"/><EventID>${id}</EventID><TimeCreated SystemTime="2026-01-31T12:00:01Z"/><Channel>Linux-Sysmon/Operational</Channel><Computer>lx1</Computer></System><EventData>${Object.entries(
    values,
  )
    .map(([name, value]) => `<Data Name="${name}">${value}</Data>`)
    .join('')}</EventData></Event>`;

const STAMPS = [
  'Jan 31 12:00:01 collector sysmon: ',
  'Jan  3 12:00:01 collector sysmon[1590]: ',
  '2026-01-31T12:00:01.5+00:00 collector sysmon: ',
  '<14>1 2026-01-31T12:00:01Z collector sysmon 1590 - - ',
];

const judged = (document: EcsDocument): string[] => {
  assert.ok(matches(sysmonLinux.documents, document));
  const { contact, launch, exit } = sysmonLinux;
  return Object.entries({ ...contact, launch, exit }).flatMap(([name, filter]) =>
    typeof filter === 'object' && matches(filter, document) ? [name] : [],
  );
};

test('events in syslog, whatever the stamp; the rest of the log is of no interest', async () => {
  for (const stamp of STAMPS) {
    const { documents, rejected, results } = await readText(
      [
        'Jan 31 12:00:00 collector sshd[1]: session opened',
        `${stamp}${event(3, connection)}`,
        'Jan 31 12:00:02 collector sysmon[1590]: Sysmon started',
        `Jan 31 12:00:02 collector bash: sysmon: ${event(3, connection)}`,
      ].join('\n'),
    );
    assert.deepEqual(results[0]?.formats, ['Sysmon for Linux (syslog)'], stamp);
    assert.deepEqual(rejected, []);
    assert.equal(documents.length, 1, stamp);
    const [document = {}] = documents;
    assert.equal(document['@timestamp'], '2026-01-31T12:00:00.250Z');
    assert.equal(document['host.name'], 'lx1');
    assert.equal(document['host.os.type'], 'linux');
    assert.equal(document['process.executable'], '/usr/bin/nc');
    assert.equal(document['destination.port'], 445);
    assert.deepEqual(judged(document), ['begun', 'accepted']);
  }
});

test('launches and ends', async () => {
  const stamp = STAMPS[0];
  const launch = { ...data, CommandLine: 'nc -zv 10.1.1.9 445', ParentProcessId: '9', ParentImage: '/usr/bin/bash' };
  const { documents } = await readText(
    `${stamp}${event(1, launch)}\n${stamp}${event(5, data)}\n${stamp}${event(9, data)}`,
  );
  assert.deepEqual(documents.map(judged), [['launch'], ['exit']]);
  assert.deepEqual(documents[0]?.['process.args'], ['nc', '-zv', '10.1.1.9', '445']);
});

test('an event that syslog cut is rejected', async () => {
  const { documents, rejected } = await readText(
    `${STAMPS[0]}${event(3, connection).slice(0, -30)}\n${STAMPS[0]}${event(3, connection)}`,
  );
  assert.equal(documents.length, 1);
  assert.deepEqual(
    rejected.map(({ line, reason }) => [line, reason]),
    [[1, 'truncated']],
  );
});

test('events in journald’s JSON, as text or as bytes, and in a message that a shipper passed on', async () => {
  const xml = event(3, connection);
  const entry = { __REALTIME_TIMESTAMP: '1769860801000000', _HOSTNAME: 'lx1', SYSLOG_IDENTIFIER: 'sysmon' };
  const { documents, results } = await readText(
    [
      { ...entry, MESSAGE: xml },
      { ...entry, MESSAGE: [...Buffer.from(xml)] },
      { '@timestamp': '2026-01-31T12:00:02Z', agent: { type: 'filebeat' }, message: xml },
      { ...entry, MESSAGE: 'Sysmon started' },
      { ...entry, MESSAGE: null },
      { ...entry, MESSAGE: [60, 'x', {}, null] },
    ]
      .map((record) => JSON.stringify(record))
      .join('\n'),
  );
  assert.equal(documents.length, 3);
  for (const document of documents) assert.deepEqual(judged(document), ['begun', 'accepted']);
  assert.equal(results[0]?.unknown, 3);
});

test('real Sysmon for Linux in Azure’s syslog table', needsData, async () => {
  const name = 'otrf/syslog_sysmon_log4shell_cve2021_44228_jndi_reference.zip';
  const { documents, rejected } = await gather(readSources([join(sharedData ?? '', name)]));
  assert.deepEqual(rejected, []);
  const kinds = documents.map((document) => judged(document)[0]);
  const count = (kind: string) => kinds.filter((one) => one === kind).length;
  assert.deepEqual([documents.length, count('begun'), count('launch'), count('exit')], [87, 6, 31, 50]);
});
