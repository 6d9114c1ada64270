let last: Promise<void> = Promise.resolve();

/**
 * Resolves in a turn of the event loop of its own: between two steps of work on many subjects that go on beside each
 * other, requests are answered.
 */
export function turn(): Promise<void> {
  last = last.then(() => new Promise((resolve) => setImmediate(resolve)));
  return last;
}
