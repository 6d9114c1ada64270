import type { Evidence } from '../model/alert.js';
import type { Place } from '../model/ports.js';
import { formatTime } from '../model/time.js';
import type { EpisodeFacts } from './facts.js';
import { telling } from './facts.js';
import { socketKey } from './polling.js';

const FIRST_CONTACTS = 15;
const LAST_CONTACTS = 5;
const EACH_OTHER = 10;

type Sample = Omit<Evidence, 'index' | 'id'>;

/** A bounded sample of what an episode rests on, chosen by time, address and port so that every run chooses alike. */
export function sampleOf(facts: EpisodeFacts): Sample[] {
  return [
    ...contactsOf(facts),
    ...first(facts.launches).map((launch) => ({
      kind: 'launch' as const,
      ref: launch.evidence,
      time: formatTime(launch.time),
      says: launch.arguments ?? launch.executable ?? launch.name ?? '',
    })),
    ...first(facts.rawSockets).map(({ evidence, time }) => ({
      kind: 'raw_socket' as const,
      ref: evidence,
      time: formatTime(time),
    })),
    ...first(facts.queries).map(({ evidence, time, name, hash }) => ({
      kind: 'service_query' as const,
      ref: evidence,
      time: formatTime(time),
      says: hash ?? name,
    })),
    ...first(facts.arps.filter(({ answered }) => !answered)).map(({ evidence, time, target }) => ({
      kind: 'arp' as const,
      ref: evidence,
      time: formatTime(time),
      destination: target,
    })),
  ];
}

/** Evidence with the places of the documents. One whose document is gone is left out. */
export function locate(samples: readonly Sample[], found: readonly Place[]): Evidence[] {
  const places = new Map(found.map((place) => [place.evidence, place]));
  return samples.flatMap((sample) => {
    const place = places.get(sample.ref);
    return place ? [{ ...sample, index: place.index, id: place.id }] : [];
  });
}

const first = <T>(items: readonly T[]): readonly T[] => items.slice(0, EACH_OTHER);

/** The first contact with each socket; of those the first and the last. What tells of scanning comes before the rest. */
function contactsOf({ contacts }: EpisodeFacts): Sample[] {
  const told = telling(contacts);
  const seen = new Set<string>();
  const firsts = (told.length > 0 ? told : contacts).filter((contact) => {
    const key = socketKey(contact);
    return !seen.has(key) && seen.add(key);
  });
  const chosen =
    firsts.length <= FIRST_CONTACTS + LAST_CONTACTS
      ? firsts
      : [...firsts.slice(0, FIRST_CONTACTS), ...firsts.slice(-LAST_CONTACTS)];
  return chosen.map(({ evidence, time, destination, port, transport, outcome }) => ({
    kind: 'contact' as const,
    ref: evidence,
    time: formatTime(time),
    destination,
    ...(port === null ? {} : { port }),
    ...(transport === null ? {} : { transport }),
    outcome,
  }));
}
