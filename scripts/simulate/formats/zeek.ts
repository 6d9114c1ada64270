import { createHash } from 'node:crypto';
import { isInside, isOfCluster, subnetOf } from '../addresses.js';
import type { Connection, OfficeEvent, ServiceAnswer, ServiceQuestions } from '../events.js';

interface ZeekRecords {
  conn: object[];
  dns: object[];
}

/**
 * What a Zeek sensor at the office's router sees, as its JSON has it: what leaves a subnet, and the multicast of the
 * Wi-Fi. What stays on one switch or in the cluster's own network it does not see; pods that reach outside have their
 * node's address. Flows to multicast addresses are filtered out of conn.log.
 */
export function toZeek(event: OfficeEvent): ZeekRecords {
  switch (event.kind) {
    case 'connection':
      return event.outcome === 'blocked' ? { conn: [], dns: [] } : connection(translated(event));
    case 'service_questions':
      return { conn: [], dns: questions(event) };
    case 'service_answer':
      return { conn: [], dns: [answer(event)] };
    default:
      return { conn: [], dns: [] };
  }
}

/** Behind the cluster's own network a pod has its node's address. */
const translated = (event: Connection): Connection => ({
  ...event,
  sourceAddress: event.source.container?.node.address ?? event.sourceAddress,
});

function connection(event: Connection): ZeekRecords {
  const { sourceAddress, sourcePort, destination, port, transport, question } = event;
  if (isOfCluster(destination) || subnetOf(sourceAddress) === subnetOf(destination)) return { conn: [], dns: [] };
  const uid = uidOf([event.at, sourceAddress, sourcePort, destination, port]);
  const ends = {
    ts: seconds(event.at, uid),
    uid,
    'id.orig_h': sourceAddress,
    'id.orig_p': sourcePort,
    'id.resp_h': destination,
    'id.resp_p': port,
    proto: transport,
  };
  const conn = { ...ends, ...serviceOf(event), ...course(event) };
  if (!question) return { conn: [conn], dns: [] };
  const isIpv6 = question.answer.includes(':');
  const dns = {
    ...ends,
    trans_id: sourcePort ^ 0x5a5a,
    rtt: event.durationMs / 1000,
    query: question.name,
    ...{ qclass: 1, qclass_name: 'C_INTERNET', qtype: isIpv6 ? 28 : 1, qtype_name: isIpv6 ? 'AAAA' : 'A' },
    ...{ rcode: 0, rcode_name: 'NOERROR', AA: false, TC: false, RD: true, RA: true, Z: 0 },
    answers: [question.answer],
    TTLs: [300],
    rejected: false,
  };
  return { conn: [conn], dns: [dns] };
}

/** State, history and counts as Zeek names them. */
function course({ destination, transport, outcome, durationMs, bytesOut, bytesIn }: Connection): object {
  const packets = (orig: number, resp: number, history: string, state: string) => ({
    conn_state: state,
    local_orig: true,
    local_resp: isInside(destination),
    missed_bytes: 0,
    history,
    orig_pkts: orig,
    orig_ip_bytes: bytesOut + orig * (transport === 'tcp' ? 52 : 28),
    resp_pkts: resp,
    resp_ip_bytes: bytesIn + resp * (transport === 'tcp' ? 52 : 28),
  });
  const flow = { duration: durationMs / 1000, orig_bytes: bytesOut, resp_bytes: bytesIn };
  if (outcome === 'refused') return { ...flow, ...packets(1, 1, 'Sr', 'REJ') };
  if (outcome === 'unanswered') return packets(1, 0, transport === 'udp' ? 'D' : 'S', 'S0');
  if (transport === 'udp') return { ...flow, ...packets(1, 1, 'Dd', 'SF') };
  return { ...flow, ...packets(4 + Math.ceil(bytesOut / 1400), 3 + Math.ceil(bytesIn / 1400), 'ShADadfF', 'SF') };
}

function serviceOf({ outcome, port, transport }: Connection): { service?: string } {
  if (outcome !== 'answered') return {};
  if (port === 443) return { service: transport === 'udp' ? 'quic' : 'ssl' };
  const service = { 22: 'ssh', 53: 'dns', 80: 'http', 445: 'smb' }[port];
  return service ? { service } : {};
}

/** One row for each question of a packet. */
const questions = ({ at, source, types }: ServiceQuestions): object[] =>
  types.map((type) => ({
    ...multicast(at, source.address),
    query: `${type}.local`,
    ...{ qclass: 1, qclass_name: 'C_INTERNET', qtype: 12, qtype_name: 'PTR' },
    ...{ AA: false, TC: false, RD: false, RA: false, Z: 0, rejected: false },
  }));

/** Zeek lists an mDNS answer as a row of its sender, with AA true. */
const answer = ({ at, source, type, instance }: ServiceAnswer): object => ({
  ...multicast(at, source.address),
  query: `${type}.local`,
  ...{ rcode: 0, rcode_name: 'NOERROR', AA: true, TC: false, RD: false, RA: false, Z: 0 },
  answers: [`${instance}.${type}.local`],
  TTLs: [4500],
  rejected: false,
});

function multicast(at: number, address: string): object {
  const uid = uidOf(['mdns', address, Math.floor(at / 600_000)]); // one flow for a while
  return {
    ts: seconds(at, uid),
    uid,
    'id.orig_h': address,
    'id.orig_p': 5353,
    'id.resp_h': '224.0.0.251',
    'id.resp_p': 5353,
    proto: 'udp',
    trans_id: 0,
  };
}

/** Seconds with six digits: milliseconds as they happened, microseconds invented. */
const seconds = (at: number, uid: string): number =>
  (at * 1000 + (uid.charCodeAt(7) * 8 + (uid.charCodeAt(5) % 8))) / 1_000_000;

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Shaped as Zeek's: C and 17 letters or digits. */
function uidOf(parts: readonly (string | number)[]): string {
  const bytes = createHash('sha256').update(JSON.stringify(parts)).digest();
  return `C${Array.from(bytes.subarray(0, 17), (byte) => base62[byte % 62]).join('')}`;
}
