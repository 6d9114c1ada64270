import { setImmediate as immediate, setTimeout as wait } from 'node:timers/promises';

/** A step of a hunt waits so often at most, so that ever new requests don't hold it up. */
const MOST_WAITS = 20;
const WAIT_MS = 1;
const LONGEST_ANSWER_MS = 1_000;

let last: Promise<void> = Promise.resolve();
const answering = new Set<NodeJS.Timeout>();

/**
 * Between two steps of a hunt's work on many subjects that go on beside each other: requests are answered, and each of
 * these steps has a turn of the event loop of its own.
 */
export function turn(): Promise<void> {
  last = last.then(letRequestsGoFirst);
  return last;
}

/**
 * A request is being answered, until what is given back is called: that needs several turns of the event loop. One that
 * takes a second, as of a client that reads slowly, no longer counts.
 */
export function beginAnswer(): () => void {
  const end = () => {
    clearTimeout(timer);
    answering.delete(timer);
  };
  const timer = setTimeout(end, LONGEST_ANSWER_MS).unref();
  answering.add(timer);
  return end;
}

async function letRequestsGoFirst(): Promise<void> {
  await immediate();
  for (let waited = 0; waited < MOST_WAITS && answering.size > 0; waited++) await wait(WAIT_MS);
}
