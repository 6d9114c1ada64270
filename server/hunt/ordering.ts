import { addressOrder } from '../model/address.js';
import type { ContactRecord } from '../model/ports.js';

/** Order that every engine and run shares: by time, address, port. */
export function byTimeAddressPort(
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

const tie = ({ transport, outcome, source, process, user, context }: ContactRecord): string =>
  JSON.stringify([transport, outcome, source, process, user, context]);

export function byAddress(one: string, other: string): number {
  if (one === other) return 0;
  return addressOrder(one) < addressOrder(other) ? -1 : 1;
}

export const distinct = <T>(values: Iterable<T>): T[] => [...new Set(values)];
