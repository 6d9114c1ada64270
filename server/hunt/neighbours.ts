import { groupBy } from '../model/group-by.js';
import type { Span, Telemetry } from '../model/ports.js';
import { parseSubjectKey } from '../model/subject.js';

/** A stored episode of a subject of whom nothing arrived: its alert is as it was. */
export interface Resting extends Span {
  subject: string;
}

/** What hunts of the same arrivals came upon, and what of it may have to be joined anew. */
export interface Upset {
  /** Stretches of time in which alerts stand or stood that were written. */
  changed: Span[];
  /** Subjects whose episodes were judged. */
  judged: string[];
  resting: Resting[];
}

export const noUpset = (): Upset => ({ changed: [], judged: [], resting: [] });

export function addUpset(sum: Upset, { changed, judged, resting }: Upset): void {
  sum.changed.push(...changed);
  sum.judged.push(...judged);
  sum.resting.push(...resting);
}

/**
 * The resting episodes that lie on a host of a subject that was judged: only alerts of one host join, those of its
 * programs with one another and with those of its addresses, and what they join may stand elsewhere now.
 */
export async function neighbours({ changed, judged, resting }: Upset, telemetry: Telemetry): Promise<Resting[]> {
  const subjects = [...judged, ...resting.map(({ subject }) => subject)];
  const programs = new Set(subjects.flatMap(hostOf));
  if (judged.length === 0 || resting.length === 0 || programs.size === 0) return [];
  const holdings = await telemetry.holdings(
    [...new Set(subjects.flatMap(addressOf))],
    reachOf([...changed, ...resting]),
  );
  const holders = groupBy(holdings, ({ address }) => address);
  // An alert of an address that nobody holds, or several do, goes with programs of no host.
  const hostsOf = (key: string): string[] => [
    ...hostOf(key),
    ...addressOf(key).flatMap((address) => ['', ...(holders.get(address) ?? []).map(({ host }) => host)]),
  ];
  const upset = new Set(judged.flatMap(hostsOf).filter((host) => programs.has(host)));
  return resting.filter(({ subject }) => hostsOf(subject).some((host) => upset.has(host)));
}

function hostOf(key: string): string[] {
  const subject = parseSubjectKey(key);
  return subject.kind === 'process' ? [subject.host] : [];
}

function addressOf(key: string): string[] {
  const subject = parseSubjectKey(key);
  return subject.kind === 'address' ? [subject.address] : [];
}

const reachOf = (spans: readonly Span[]): Span => ({
  from: spans.reduce((least, { from }) => Math.min(least, from), Number.POSITIVE_INFINITY),
  to: spans.reduce((most, { to }) => Math.max(most, to), Number.NEGATIVE_INFINITY),
});
