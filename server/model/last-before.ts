/** The last item whose time is at or before this one, of items in time order. */
export function lastBefore<T>(items: readonly T[], time: number, timeOf: (item: T) => number): T | undefined {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (timeOf(items[middle]!) <= time) low = middle + 1;
    else high = middle;
  }
  return items[low - 1];
}
