import type { EcsDocument } from '../../queries/document.js';
import { networkType, protocolFields } from './flow-values.js';
import { Rejected } from './format.js';
import { address, asNumber, documentOf, isoFromMicroseconds, port } from './zeek-suricata-values.js';

/** The value of a field by AWS' own name (`tcp-flags`); undefined where it is missing or `-`. */
export type FlowFields = (name: string) => string | undefined;

const DEFAULT_FORMAT = [
  'version',
  'account-id',
  'interface-id',
  'srcaddr',
  'dstaddr',
  'srcport',
  'dstport',
  'protocol',
  'packets',
  'bytes',
  'start',
  'end',
  'action',
  'log-status',
];
/** All fields up to version 5, in the order of AWS' console. */
const ALL_FIELDS = [
  ...DEFAULT_FORMAT,
  'vpc-id',
  'subnet-id',
  'instance-id',
  'tcp-flags',
  'type',
  'pkt-srcaddr',
  'pkt-dstaddr',
  'region',
  'az-id',
  'sublocation-type',
  'sublocation-id',
  'pkt-src-aws-service',
  'pkt-dst-aws-service',
  'flow-direction',
  'traffic-path',
];
const STATUSES = new Set(['OK', 'NODATA', 'SKIPDATA']);
const MOST_FIELDS = 64;

export const splitFields = (line: string): string[] => line.trim().split(' ', MOST_FIELDS);

/** The order of a line without a header: AWS' default, or all fields. Undefined where it looks like neither. */
export function knownOrder(cells: readonly string[]): readonly string[] | undefined {
  const isFlow = /^[2-9]$/.test(cells[0] ?? '') && /^(?:eni-|-$)/.test(cells[2] ?? '') && STATUSES.has(cells[13] ?? '');
  if (!isFlow) return undefined;
  return [DEFAULT_FORMAT, ALL_FIELDS].find(({ length }) => length === cells.length);
}

/** Whether a line names the columns of those behind it. */
export const isHeader = (cells: readonly string[]): boolean => cells.includes('srcaddr') && cells.includes('dstaddr');

export function fieldsOf(order: readonly string[], cells: readonly string[]): FlowFields {
  return (name) => {
    const cell = cells[order.indexOf(name)];
    return cell === '-' || cell === '' ? undefined : cell;
  };
}

/**
 * A flow log record as Elastic's aws integration writes it; none where an interval had no data, or its data were lost.
 * Where the packet's own addresses are logged (`pkt-srcaddr`) they are the source and destination, and the interface's
 * are told as translated: only so are pods, and hosts behind a NAT gateway, told apart.
 */
export function flowDocuments(field: FlowFields): EcsDocument[] {
  const action = field('action');
  const status = field('log-status');
  if (action === undefined && (status === 'NODATA' || status === 'SKIPDATA' || field('srcaddr') === undefined))
    return [];
  const interfaceSource = field('srcaddr');
  const interfaceTarget = field('dstaddr');
  const source = address(field('pkt-srcaddr') ?? interfaceSource, 'srcaddr');
  const target = address(field('pkt-dstaddr') ?? interfaceTarget, 'dstaddr');
  const packets = asNumber(field('packets'));
  const bytes = asNumber(field('bytes'));
  const document = documentOf(
    {
      '@timestamp': timeOf(field, 'end'),
      'event.start': timeOf(field, 'start'),
      'event.end': timeOf(field, 'end'),
      'event.kind': 'event',
      'event.category': ['network'],
      'event.type': ['connection', ...(action === 'REJECT' ? ['denied'] : action === 'ACCEPT' ? ['allowed'] : [])],
      'event.module': 'aws',
      'event.dataset': 'aws.vpcflow',
      'event.action': action?.toLowerCase(),
      'event.outcome': action === 'REJECT' ? 'failure' : 'success',
      'cloud.provider': 'aws',
      'cloud.account.id': field('account-id'),
      'cloud.instance.id': field('instance-id'),
      'cloud.region': field('region'),
      'source.ip': source,
      'source.port': port(field('srcport'), 'srcport'),
      'source.packets': packets,
      'source.bytes': bytes,
      'source.nat.ip': interfaceSource === source ? undefined : interfaceSource,
      'destination.ip': target,
      'destination.port': port(field('dstport'), 'dstport'),
      'destination.nat.ip': interfaceTarget === target ? undefined : interfaceTarget,
      'network.type': networkType(source),
      'network.direction': field('flow-direction'),
      'network.packets': packets,
      'network.bytes': bytes,
      'aws.vpcflow.version': field('version'),
      'aws.vpcflow.account_id': field('account-id'),
      'aws.vpcflow.interface_id': field('interface-id'),
      'aws.vpcflow.vpc_id': field('vpc-id'),
      'aws.vpcflow.subnet_id': field('subnet-id'),
      'aws.vpcflow.action': action,
      'aws.vpcflow.log_status': status,
      'aws.vpcflow.tcp_flags': field('tcp-flags'),
      'aws.vpcflow.pkt_srcaddr': field('pkt-srcaddr'),
      'aws.vpcflow.pkt_dstaddr': field('pkt-dstaddr'),
    },
    protocolFields(field('protocol')),
  );
  return [document];
}

function timeOf(field: FlowFields, name: 'start' | 'end'): string {
  const seconds = asNumber(field(name) ?? field('start'));
  if (seconds === undefined) throw new Rejected('no_time', `${name} holds no time`);
  return isoFromMicroseconds(seconds * 1_000_000, name);
}
