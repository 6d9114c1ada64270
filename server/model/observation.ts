/** What a subject did, as few fields as the window pass needs. Times are epoch milliseconds, floored. */

export type Outcome = 'accepted' | 'refused' | 'unanswered' | 'unknown';
export type UserContext = 'interactive' | 'daemon';

/** One attempt, begun by the subject, to reach an address and port. */
export interface Contact {
  time: number;
  /** Names the original document for evidence; no order in it. */
  evidence: string;
  destination: string;
  /** Null: counts in hosts only. */
  port: number | null;
  transport: string | null;
  outcome: Outcome;
  /** `self`: loopback, or an address of the subject itself. */
  scope: 'own' | 'foreign' | 'self';
  context: UserContext | null;
}

/** What a failed measure counts. */
export const isFailed = ({ outcome }: Pick<Contact, 'outcome'>): boolean =>
  outcome === 'refused' || outcome === 'unanswered';

/** One mDNS question. */
export interface ServiceQuery {
  time: number;
  evidence: string;
  /** The question in lower case, without a final dot; empty where it is masked. */
  name: string;
  /** The hash that stands for a masked question. */
  hash: string | null;
}

/** One ARP request; `answered` when the target answered the subject within a second. */
export interface ArpRequest {
  time: number;
  evidence: string;
  target: string;
  answered: boolean;
}
