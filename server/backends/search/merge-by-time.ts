interface Timed {
  time: number;
}

/** Streams of pages, each in time order, as one in time order. */
export async function* mergeByTime<T extends Timed>(streams: readonly AsyncIterable<T[]>[]): AsyncIterable<T[]> {
  const sources = streams.map((stream) => ({ pages: stream[Symbol.asyncIterator](), page: [] as T[] }));
  for (;;) {
    await Promise.all(
      sources.map(async (source) => {
        while (source.page.length === 0) {
          const next = await source.pages.next();
          if (next.done) break;
          source.page = next.value;
        }
      }),
    );
    const open = sources.filter(({ page }) => page.length > 0);
    if (open.length === 0) return;
    const until = Math.min(...open.map(({ page }) => page.at(-1)!.time));
    const ready = open.flatMap((source) => {
      const after = source.page.findIndex(({ time }) => time > until);
      const taken = after < 0 ? source.page : source.page.slice(0, after);
      source.page = after < 0 ? [] : source.page.slice(after);
      return taken;
    });
    yield open.length === 1 ? ready : ready.sort((one, other) => one.time - other.time);
  }
}
