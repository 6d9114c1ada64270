import { availableParallelism } from 'node:os';

/** More would wait for the one thread that judges windows. */
const MOST = 4;

/** All results in the order of the items, with as many under way as there are processors, within reason. */
export async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index]!);
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), MOST) }, worker));
  return results;
}
