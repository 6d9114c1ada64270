import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { type EcsDocument, read, readText } from '../../queries/document.js';
import type { Integration } from '../../queries/integration.js';
import { endpoint } from '../../queries/integrations/endpoint.js';
import { generic } from '../../queries/integrations/generic.js';
import { packetbeat } from '../../queries/integrations/packetbeat.js';
import { sysmonLinux, windows } from '../../queries/integrations/windows.js';
import { matches } from '../../queries/matches.js';
import type { FileResult } from '../../server/importers/file-result.js';
import { readSources } from '../../server/importers/read-sources.js';
import { needsData, sharedData } from '../shared-data.js';
import { gather } from './read-text.js';

const FOLDERS = ['beats', 'elastic-packages', 'otrf', 'atomic-evtx', 'sigma-regression'];

/** Begun by the subject itself: what data/README.md counts as connection records of a host. */
const isOutgoing = ({ documents, contact }: Integration, document: EcsDocument): boolean =>
  matches(documents, document) &&
  contact !== undefined &&
  matches(contact.begun, document) &&
  !(contact.inbound && matches(contact.inbound, document));

const count = (documents: EcsDocument[], integration: Integration, ...codes: string[]): number =>
  documents.filter((one) => codes.includes(readText(one, 'event.code') ?? '') && isOutgoing(integration, one)).length;

describe('real telemetry', needsData, () => {
  const documents = new Map<string, EcsDocument[]>();
  let results: FileResult[] = [];

  before(async () => {
    const folder = sharedData ?? '';
    const all = await gather(readSources(FOLDERS.map((name) => join(folder, name))));
    assert.equal(all.error, undefined);
    results = all.results.map((result) => ({ ...result, file: result.file.slice(folder.length + 1) }));
    for (const { index, document } of all.events) {
      const name = index.slice(folder.length + 1);
      documents.set(name, [...(documents.get(name) ?? []), document]);
    }
  });

  const of = (name: string): EcsDocument[] => {
    const found = [...documents].find(([file]) => file.includes(name));
    assert.ok(found, name);
    return found[1];
  };

  test('every file is read, or named as unknown', () => {
    for (const { state, file } of results) assert.notEqual(state, 'unreadable', file);
    const unknown = results.filter(({ state, file }) => state === 'unknown' && !file.endsWith('SOURCE.txt'));
    assert.deepEqual(unknown.map(({ file }) => file.split(/[/!]/).at(-1)).toSorted(), [
      'carbon_black_cloud.endpoint_event.json',
      'coredns-json.log',
      'darwin-syslog.log',
      'empire_find_localadmin_smb_svcctl_OpenSCManager_2020-09-22021559.cap',
      'syslog_auoms_auditd_log4shell_cve2021_44228_jndi_reference_2022-05-11181020.json',
      'vminsights_vmconnection_log4shell_cve2021_44228_jndi_reference_2022-05-11181020.json',
    ]);
  });

  test('nothing is rejected but documents without a time', () => {
    const rejected = results.filter((result) => Object.keys(result.rejected).length > 0);
    assert.deepEqual(
      rejected.map(({ file, rejected: why }) => [file, why]),
      [
        ['beats/iptables.log-expected.json', { no_time: 12 }],
        ['beats/sudo.log-expected.json', { no_time: 20 }],
      ],
    );
  });

  for (const [file, sysmon, filtered] of [
    ['covenant_dcom_iertutil_dll_hijack.zip', 142, 145],
    ['empire_ninjacopy_dumping_ntds_dit_file.zip', 278, 280],
    ['empire_find_localadmin_smb_svcctl_OpenSCManager.zip', 9, 88],
    ['cmd_seatbelt_group_user.zip', 0, 1],
  ] as const) {
    test(`${file}: ${sysmon} contacts by Sysmon 3, ${filtered} by 5156`, () => {
      assert.equal(count(of(file), windows, '3'), sysmon);
      assert.equal(count(of(file), windows, '5156'), filtered);
      for (const document of of(file)) assert.ok(matches(windows.documents, document));
    });
  }

  test('dns.exe is one subject in Sysmon 3 and in 5156', () => {
    const contacts = of('empire_ninjacopy').filter((one) => isOutgoing(windows, one));
    const programs = contacts.map((one) => String(one['process.executable']).toLowerCase());
    const dns = new Set(programs.filter((program) => program.endsWith('dns.exe')));
    assert.deepEqual([...dns], ['c:\\windows\\system32\\dns.exe']);
  });

  test('a blocked connection is refused', () => {
    const blocked = of('empire_find_localadmin_smb_svcctl_OpenSCManager.zip').filter(
      (one) => one['event.code'] === '5157',
    );
    assert.equal(blocked.length, 5);
    for (const document of blocked) assert.ok(windows.contact?.refused && matches(windows.contact.refused, document));
  });

  test('Sysmon as Beats index it: 13 contacts of the host, three that came in', () => {
    const all = of('beats/sysmon-9.01.golden.json');
    assert.equal(count(all, windows, '3'), 13);
    assert.equal(all.filter((one) => windows.contact && matches(windows.contact.begun, one)).length, 16);
  });

  test('Sysmon 22 as Beats index it are name queries', () => {
    const asked = of('beats/sysmon-10.2-dns').filter((one) => windows.nameQuery && matches(windows.nameQuery, one));
    assert.ok(asked.length > 100);
    for (const document of asked) assert.ok(readText(document, 'dns.question.name'));
  });

  test('the scanners’ launches are seen', () => {
    const launched = [...documents.values()].flat().filter((one) => windows.launch && matches(windows.launch, one));
    const names = new Set(launched.map((one) => readText(one, 'process.pe.original_file_name')?.toLowerCase()));
    assert.ok(names.has('advanced_port_scanner.exe'));
    const told = launched.filter((one) => String(read(one, 'process.command_line')).includes('nmap 127.0.0.1'));
    assert.ok(told.length > 0);
  });

  test('Sysmon for Linux is read out of syslog', () => {
    const contacts = of('syslog_sysmon').filter((one) => isOutgoing(sysmonLinux, one));
    assert.ok(contacts.length > 0);
    for (const document of contacts) assert.ok(document['destination.ip'] && document['process.executable']);
  });

  test('Zeek’s members of a zip with a line break behind it are read', () => {
    assert.equal(results.filter(({ file }) => file.startsWith('otrf/SCRANTON')).length > 5, true);
    assert.ok(of('SCRANTON-zeek_logs.zip!conn.log').length > 100);
  });

  test('an end of a connection and an unfinished flow are no contacts', () => {
    for (const [file, integration] of [
      ['endpoint.network', endpoint],
      ['packetbeat-flow', packetbeat],
    ] as const) {
      const [document = {}] = of(file);
      assert.ok(matches(integration.documents, document));
      assert.ok(!isOutgoing(integration, document));
    }
  });

  test('Metricbeat’s socket is anybody’s', () => {
    const [document = {}] = of('metricbeat-socket');
    assert.ok(isOutgoing(generic, document));
  });
});
