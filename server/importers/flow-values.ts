import { asText } from './zeek-suricata-values.js';

const TRANSPORTS: ReadonlyMap<string, string> = new Map([
  ['0', 'hopopt'],
  ['1', 'icmp'],
  ['2', 'igmp'],
  ['6', 'tcp'],
  ['17', 'udp'],
  ['47', 'gre'],
  ['50', 'esp'],
  ['58', 'ipv6-icmp'],
  ['112', 'vrrp'],
  ['132', 'sctp'],
]);

/** Transport and IANA number of a protocol that is told by its number, as Elastic's integrations of clouds write them. */
export function protocolFields(value: unknown): Record<string, unknown> {
  const number = asText(value);
  return { 'network.iana_number': number, 'network.transport': number && TRANSPORTS.get(number) };
}

export const networkType = (ip: string): string => (ip.includes(':') ? 'ipv6' : 'ipv4');
