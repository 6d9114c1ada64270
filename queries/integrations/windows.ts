import { all, any, equals, type Filter, oneOf } from '../filter.js';
import { defineIntegration } from '../integration.js';

const from =
  (provider: string) =>
  (...codes: string[]): Filter =>
    all(
      oneOf('event.code', ...codes),
      any(equals('event.provider', provider), equals('winlog.provider_name', provider)),
    );

const sysmon = from('Microsoft-Windows-Sysmon');
const security = from('Microsoft-Windows-Security-Auditing');
const linuxSysmon = from('Linux-Sysmon');

const inbound: Filter = any(
  oneOf('network.direction', 'ingress', 'inbound'),
  equals('winlog.event_data.Initiated', 'false'),
  oneOf('winlog.event_data.Direction', '%%14592', 'Inbound'),
);

/**
 * Sysmon and the Security log, as Winlogbeat and the Windows and System integrations index them, and as we import them.
 * Read are Sysmon 1 (start), 3 (connection), 5 (end) and 22 (name), Security 4688 and 4689 (start, end), 5156 and 5157
 * (connection permitted, blocked).
 *
 * Quiet on purpose: 5158 and 5159 (a port was bound: no address), 5152 (a packet was dropped: 5157 tells of the
 * connection). What it can't know: Sysmon 3 sees established connections only, so a refused or unanswered probe leaves
 * none; 5156 says that the filter let an attempt pass, not how it ended, and has no parent.
 */
export const windows = defineIntegration({
  name: 'windows',
  documents: any(
    oneOf('event.provider', 'Microsoft-Windows-Sysmon', 'Microsoft-Windows-Security-Auditing'),
    oneOf('winlog.provider_name', 'Microsoft-Windows-Sysmon', 'Microsoft-Windows-Security-Auditing'),
  ),
  platform: 'windows',
  contact: {
    begun: any(sysmon('3'), security('5156', '5157')),
    inbound,
    refused: security('5157'),
    accepted: sysmon('3'),
  },
  launch: any(sysmon('1'), security('4688')),
  exit: any(sysmon('5'), security('4689')),
  nameQuery: sysmon('22'),
});

/** Sysmon for Linux writes the same events, as Elastic's integration indexes them and as we import them. */
export const sysmonLinux = defineIntegration({
  name: 'sysmon_linux',
  documents: any(equals('event.provider', 'Linux-Sysmon'), equals('event.dataset', 'sysmon_linux.log')),
  platform: 'linux',
  contact: { begun: linuxSysmon('3'), inbound, accepted: linuxSysmon('3') },
  launch: linuxSysmon('1'),
  exit: linuxSysmon('5'),
});
