import { type EcsDocument, FLAT } from '../../queries/document.js';
import type { ZeekRecord } from './zeek-record.js';
import { zeekTime } from './zeek-record.js';
import { address, asFlag, asNumber, asText, port } from './zeek-suricata-values.js';

/**
 * A line of conn.log as Elastic's zeek integration writes it. Zeek puts ICMP's type and code where the ports are, so
 * these documents have no ports. Bytes count from the IP header on. Fields without a value stand as undefined: documents
 * of one shape are made and read several times faster.
 */
export function connDocument(record: ZeekRecord): EcsDocument {
  const time = zeekTime(record);
  const transport = asText(record.get('proto'))?.toLowerCase();
  const isIcmp = transport === 'icmp';
  const state = asText(record.get('conn_state'));
  const localOrig = asFlag(record.get('local_orig'));
  const localResp = asFlag(record.get('local_resp'));
  const uid = asText(record.get('uid'));
  return {
    __proto__: FLAT,
    '@timestamp': time,
    'event.kind': 'event',
    'event.category': CATEGORY,
    'event.type': TYPES_OF_STATE.get(state ?? '') ?? OTHER_TYPES,
    'event.module': 'zeek',
    'event.dataset': 'zeek.connection',
    'event.id': uid,
    'event.start': time,
    'event.duration': nanoseconds(record.get('duration')),
    'source.ip': address(record.get('id.orig_h'), 'id.orig_h'),
    'source.port': isIcmp ? undefined : port(record.get('id.orig_p'), 'id.orig_p'),
    'source.packets': asNumber(record.get('orig_pkts')),
    'source.bytes': asNumber(record.get('orig_ip_bytes')),
    'destination.ip': address(record.get('id.resp_h'), 'id.resp_h'),
    'destination.port': isIcmp ? undefined : port(record.get('id.resp_p'), 'id.resp_p'),
    'destination.packets': asNumber(record.get('resp_pkts')),
    'destination.bytes': asNumber(record.get('resp_ip_bytes')),
    'network.transport': transport,
    'network.protocol': asText(record.get('service')),
    'network.direction': direction(localOrig, localResp),
    'network.community_id': asText(record.get('community_id')),
    'zeek.session_id': uid,
    'zeek.connection.state': state,
    'zeek.connection.history': asText(record.get('history')),
    'zeek.connection.missed_bytes': asNumber(record.get('missed_bytes')),
    'zeek.connection.local_orig': localOrig,
    'zeek.connection.local_resp': localResp,
    'zeek.connection.icmp.type': isIcmp ? asNumber(record.get('id.orig_p')) : undefined,
    'zeek.connection.icmp.code': isIcmp ? asNumber(record.get('id.resp_p')) : undefined,
  };
}

const CATEGORY: readonly string[] = ['network'];

const TYPES_OF_STATE: ReadonlyMap<string, readonly string[]> = new Map([
  ['S0', ['connection', 'start']],
  ['S1', ['connection', 'start']],
  ['SF', ['connection', 'start', 'end']],
  ['REJ', ['connection', 'start', 'denied']],
]);
const OTHER_TYPES: readonly string[] = ['connection', 'info'];

function nanoseconds(seconds: unknown): number | undefined {
  const number = asNumber(seconds);
  return number === undefined || number < 0 ? undefined : Math.round(number * 1_000_000_000);
}

function direction(localOrig: boolean | undefined, localResp: boolean | undefined): string | undefined {
  if (localOrig === undefined || localResp === undefined) return undefined;
  if (localOrig) return localResp ? 'internal' : 'outbound';
  return localResp ? 'inbound' : 'external';
}
