import type { Filter } from './filter.js';

export type Platform = 'windows' | 'linux' | 'macos';

/**
 * What one agent's or sensor's documents say, as filters over its own ECS fields: which are contacts, which way they
 * went and how they ended; which are launches, service queries, ARP. Importers and compilers read the same table, so
 * telemetry that other agents indexed is judged exactly like what we imported.
 */
export interface Integration {
  /** As the agent's own documentation calls it, e.g. `zeek.connection`. */
  readonly name: string;
  /** The documents it wrote. The first integration in the list whose filter matches owns a document. */
  readonly documents: Filter;
  /** The operating system its hosts run, where the document does not say (`host.os.type`). */
  readonly platform?: Platform;
  readonly contact?: ContactRule;
  /** A process start. */
  readonly launch?: Filter;
  /** A process end: its pid may belong to another process from then on. */
  readonly exit?: Filter;
  /** A raw or packet socket was made: SYN, UDP and ARP scans leave no connect. */
  readonly rawSocket?: Filter;
  /** An mDNS question (never an answer): `dns.question.name` holds the type, `masked` its hash where it is hidden. */
  readonly serviceQuery?: { readonly asked: Filter; readonly masked?: string };
  /** ARP: `source.ip` asks for or answers to `destination.ip`. */
  readonly arp?: { readonly request: Filter; readonly reply: Filter };
  /** A name resolution by a process: evidence and a score part, never a contact. */
  readonly nameQuery?: Filter;
}

/** Outcomes are tried in the order refused, unanswered, accepted; a contact that matches none is unknown. */
export interface ContactRule {
  /** An attempt that its subject began: not a reply, not the end record of an attempt seen before. */
  readonly begun: Filter;
  /** Recorded by the host that was contacted: the subject is `source.ip`, not the process. */
  readonly inbound?: Filter;
  readonly refused?: Filter;
  readonly unanswered?: Filter;
  readonly accepted?: Filter;
  /** False where the sensor logs attempts without their end, so that failed measures can't see them. Default true. */
  readonly hasOutcome?: boolean;
}

/** The identity function: gives an integration its type where it is written. */
export const defineIntegration = (integration: Integration): Integration => integration;
