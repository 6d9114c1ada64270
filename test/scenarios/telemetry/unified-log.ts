import type { EcsDocument } from '../../../queries/document.js';
import { iso } from '../times.js';
import type { Act } from './act.js';

/** macOS' unified log: a program asks mDNSResponder for a service, whose type may be hidden behind a hash. */
export const unifiedLogQuestion = (act: Act & { name?: string; hash?: string }): EcsDocument => ({
  '@timestamp': iso(act.at),
  'event.kind': 'event',
  'event.module': 'unifiedlogs',
  'event.dataset': 'unifiedlogs.log',
  'event.category': ['network'],
  'event.type': ['protocol'],
  'event.action': 'mdns-browse',
  'host.id': act.machine.id,
  'host.name': act.machine.name,
  'host.os.type': 'macos',
  'process.name': act.program,
  'process.pid': act.pid ?? 100,
  'network.protocol': 'mdns',
  ...(act.name === undefined ? {} : { 'dns.question.name': act.name }),
  ...(act.hash === undefined ? {} : { 'unified_log.mdns.name_hash': act.hash }),
});
