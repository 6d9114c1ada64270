import type { OfficeEvent } from './events.js';

interface Head {
  next: OfficeEvent;
  rest: Iterator<OfficeEvent>;
  /** Of two events of one instant the one of the earlier activity comes first. */
  place: number;
}

/**
 * Takes the events of several activities as one, in the order of time. Of each activity one event is held at a time: a
 * heap finds the earliest. Throws `RangeError` where an activity goes back in time.
 */
export function* mergeByTime(activities: Iterable<Iterable<OfficeEvent>>): Generator<OfficeEvent> {
  const heap: Head[] = [];
  let place = 0;
  for (const activity of activities) {
    const rest = activity[Symbol.iterator]();
    const first = rest.next();
    if (!first.done) rise(heap, { next: first.value, rest, place });
    place++;
  }
  for (let head = heap[0]; head; head = heap[0]) {
    const { next, rest } = head;
    yield next;
    const following = rest.next();
    if (following.done) head = heap.pop()!;
    else if (following.value.at < next.at)
      throw new RangeError(`An activity goes back in time: ${following.value.kind}`);
    else head.next = following.value;
    if (heap.length > 0) sink(heap, head);
  }
}

const isBefore = (one: Head, other: Head): boolean =>
  one.next.at < other.next.at || (one.next.at === other.next.at && one.place < other.place);

/** Adds a head at the end and lets it up to where no later one is above it. */
function rise(heap: Head[], head: Head): void {
  let place = heap.length;
  while (place > 0) {
    const above = (place - 1) >> 1;
    if (!isBefore(head, heap[above]!)) break;
    heap[place] = heap[above]!;
    place = above;
  }
  heap[place] = head;
}

/** Puts a head in the place of the first and lets it down to where no earlier one is below it. */
function sink(heap: Head[], head: Head): void {
  let place = 0;
  for (let below = 1; below < heap.length; below = 2 * place + 1) {
    if (below + 1 < heap.length && isBefore(heap[below + 1]!, heap[below]!)) below++;
    if (!isBefore(heap[below]!, head)) break;
    heap[place] = heap[below]!;
    place = below;
  }
  heap[place] = head;
}
