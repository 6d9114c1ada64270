import { addressOrder } from '../model/address.js';
import type { ContactRecord } from '../model/ports.js';

/** Order that every engine and run shares: by time, address, port. */
function byTimeAddressPort(
  one: { time: number; destination: string; port: number | null },
  other: { time: number; destination: string; port: number | null },
): number {
  if (one.time !== other.time) return one.time - other.time;
  if (one.destination !== other.destination) return byAddress(one.destination, other.destination);
  return (one.port ?? -1) - (other.port ?? -1);
}

/** Contacts in the order that every engine and run shares: what ties is told apart by what it says, never by arrival. */
export function inOrder(contacts: readonly ContactRecord[]): ContactRecord[] {
  return [...contacts].sort((one, other) => byTimeAddressPort(one, other) || (tie(one) < tie(other) ? -1 : 1));
}

const tie = (contact: ContactRecord): string => {
  const { transport, outcome, source, process, user, context, namespace, destinationNamespace } = contact;
  const { hostName, platform } = contact;
  return JSON.stringify([
    ...[transport, outcome, source, process, user, context, namespace, destinationNamespace],
    ...[hostName, platform],
  ]);
};

/** Other observations in such an order. */
export const inTimeOrder = <T extends { time: number; evidence: string }>(observations: readonly T[]): T[] =>
  observations
    .map((observation) => ({ observation, content: contentOf({ ...observation, evidence: '' }) }))
    .sort((one, other) => one.observation.time - other.observation.time || (one.content < other.content ? -1 : 1))
    .map(({ observation }) => observation);

/** One text for what a record says, whatever the order of its keys. */
const contentOf = (record: object): string =>
  JSON.stringify(Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1)));

export function byAddress(one: string, other: string): number {
  if (one === other) return 0;
  return addressOrder(one) < addressOrder(other) ? -1 : 1;
}

export const distinct = <T>(values: Iterable<T>): T[] => [...new Set(values)];
