import type { Polling } from '../../queries/plan.js';
import { groupBy } from '../model/group-by.js';
import type { Contact } from '../model/observation.js';

/**
 * For each contact the time of the round from which on it is polling: of the latest chain of `rounds` − 1 earlier
 * contacts of its socket, each at least the gap before the next, the first one's time; −Infinity where there is none.
 * A contact at t is polling for a look-back of L when its value is ≥ t − L. Causal on purpose: first rounds count;
 * with hindsight, scanning three times would silence itself.
 *
 * Taking the latest possible contact at each step back is best: any other chain begins no later.
 *
 * @param contacts in time order, of one subject
 */
export function roundStarts(contacts: readonly Contact[], polling: Polling): Float64Array {
  const starts = new Float64Array(contacts.length).fill(Number.NEGATIVE_INFINITY);
  if (polling.rounds < 2) return starts;
  for (const indexes of groupBy(contacts.keys(), (index) => socketKey(contacts[index]!)).values()) {
    if (indexes.length < polling.rounds) continue;
    const times = indexes.map((index) => contacts[index]!.time);
    const before = roundsBefore(times, polling.gapMs);
    for (let at = 0; at < indexes.length; at++) {
      let round = at;
      for (let step = 1; step < polling.rounds && round >= 0; step++) round = before[round]!;
      if (round >= 0) starts[indexes[at]!] = times[round]!;
    }
  }
  return starts;
}

/** For each contact the position of the latest one at least `gapMs` earlier, or −1. */
function roundsBefore(times: readonly number[], gapMs: number): Int32Array {
  const before = new Int32Array(times.length);
  let latest = -1;
  for (let at = 0; at < times.length; at++) {
    while (times[latest + 1]! <= times[at]! - gapMs) latest++;
    before[at] = latest;
  }
  return before;
}

/** (destination, port, transport) as one text. */
export const socketKey = ({ destination, port, transport }: Contact): string =>
  `${destination} ${port ?? '-'} ${transport ?? '-'}`;
