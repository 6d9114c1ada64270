import { groupBy } from '../model/group-by.js';
import { lastBefore } from '../model/last-before.js';
import type { ContactRecord, Launch, ProcessEvent } from '../model/ports.js';

/**
 * The launches that contacts belong to: by process.entity_id, else by pid the latest launch before the contact, unless
 * that pid ended in between. All of one host, launches and exits in time order.
 */
export function joinLaunches(
  contacts: readonly ContactRecord[],
  launches: readonly Launch[],
  exits: readonly ProcessEvent[],
): Launch[] {
  const launchesBy = groupBy(launches, ({ process }) => process);
  const exitsBy = groupBy(exits, ({ process }) => process);
  const joined = new Set<Launch>();
  for (const { process, time } of contacts) {
    if (process === null) continue;
    const launch = latest(launchesBy.get(process) ?? [], time);
    if (!launch) continue;
    const exit = process.startsWith('pid:') ? latest(exitsBy.get(process) ?? [], time) : undefined;
    if (!exit || exit.time < launch.time) joined.add(launch);
  }
  return [...joined].sort((a, b) => a.time - b.time);
}

const latest = <T extends { time: number }>(items: readonly T[], time: number): T | undefined =>
  lastBefore(items, time, (item) => item.time);
