import type { Plan } from '../../queries/plan.js';
import type { Telemetry } from '../model/ports.js';
import { allOf } from './all-of.js';
import type { Origin } from './allow-list.js';
import { locate, sampleOf } from './evidence.js';
import { type EpisodeFacts, sourcesOf } from './facts.js';
import { gatherFacts, readOf } from './gather-facts.js';
import type { ReadSubject } from './read-subjects.js';
import { toAlert } from './to-alert.js';
import { turn } from './turn.js';
import type { Drafted } from './write-episodes.js';

interface Drafting {
  telemetry: Telemetry;
  now: () => number;
  /** The allow list that an origin is on. */
  silencedBy: (origin: Origin) => string | undefined;
}

/**
 * Drafts the alerts of the subjects' episodes, and holds them against the allow lists. Step by step for all of them, as
 * what is asked of the ports at once is answered together.
 */
export async function draftAlerts(
  plan: Plan,
  subjects: readonly ReadSubject[],
  { telemetry, now, silencedBy }: Drafting,
): Promise<Map<ReadSubject, Drafted[]>> {
  const episodes = [];
  for (const read of subjects)
    for (const found of read.found) {
      await turn();
      episodes.push({ read, found, episode: readOf(plan, read, found) });
    }
  const facts = await allOf(episodes.map(({ read, episode }) => gatherFacts(episode, { telemetry, ...read })));
  const samples = facts.map(sampleOf);
  const places = await allOf(samples.map((sample) => telemetry.places(sample.map(({ ref }) => ref))));
  const drafts = new Map<ReadSubject, Drafted[]>(subjects.map((read) => [read, []]));
  for (const [at, { read, found }] of episodes.entries()) {
    await turn();
    const alert = toAlert(facts[at]!, locate(samples[at]!, places[at]!), now());
    drafts.get(read)!.push({ found, alert, silencedBy: silencedBy(originOf(facts[at]!)) });
  }
  return drafts;
}

function originOf({ subject, contacts, addresses, holder }: EpisodeFacts): Origin {
  return {
    executables: subject.kind === 'process' ? [subject.process] : [],
    addresses: [...addresses, ...sourcesOf(contacts), ...(subject.kind === 'address' ? [subject.address] : [])],
    hosts: holder ? [holder.host, holder.hostName ?? ''].filter((name) => name !== '') : [],
  };
}
