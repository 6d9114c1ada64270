import { every, isNothing, none, type Query } from '../../../queries/compile/query.js';
import { toSubsetQuery } from '../../../queries/compile/search.js';
import type { Plan } from '../../../queries/plan.js';
import { type SubjectGroup, sureContacts } from '../../../queries/records.js';
import type { Span } from '../../model/ports.js';
import type { Bucket } from './buckets.js';
import type { TelemetryIndex } from './telemetry-index.js';

/** Windows of one length that may fire. */
export interface FiringBucket {
  /** The number of the bucket of that length in which they end. */
  bucket: number;
  /** With fewer sockets that count they can't: the least threshold that is in reach. */
  least: number;
}

/** By subject. */
export type Firing = ReadonlyMap<string, readonly FiringBucket[]>;

export interface PollingSearch {
  index: TelemetryIndex;
  plan: Plan;
  group: SubjectGroup;
  /** Contacts that may be of the plan's subjects of this group. */
  wanted: Query;
  /** `surelyTold` of the plan. */
  sure: Query | undefined;
  /** Contacts that may be of these subjects. */
  whose: (subjects: readonly string[]) => Query;
  /** Where windows end. */
  span: Span;
}

/** What makes a socket of a contact, as its document tells it: texts that differ may mean the same one. */
export const SOCKET = ['destination.ip', 'destination.port', 'network.transport', 'network.iana_number'];

/** Of what an aggregation of that name lets through. */
export const recordsIn = (bucket: Bucket, name: string): number => (bucket[name] as { doc_count: number }).doc_count;

/** Contacts of which all is sure; undefined where there can be none. */
export async function surelyTold(index: TelemetryIndex, plan: Plan): Promise<Query | undefined> {
  const telling = toSubsetQuery(sureContacts(plan.telemetry), await index.kinds());
  return isNothing(telling) ? undefined : every(telling, none({ exists: { field: '_ignored' } }));
}
