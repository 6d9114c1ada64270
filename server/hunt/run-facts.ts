import { addressNumber } from '../model/address.js';
import type { ScanhoundFields } from '../model/alert.js';
import { isFailed } from '../model/observation.js';
import type { ContactRecord } from '../model/ports.js';
import { type EpisodeFacts, telling } from './facts.js';
import { byAddress, distinct } from './ordering.js';
import { slideRuns } from './run-length.js';

/** The longest runs, the share of steps of one, and how dense the most touched subnet was: score parts. */
export function runsOf({ contacts }: EpisodeFacts): ScanhoundFields['runs'] {
  const reached = telling(contacts);
  const failed = reached.filter(isFailed);
  const ports = mostTouched(reached.filter(({ port }) => port !== null));
  return {
    ports: longestRun(ports.map(({ time, port }) => ({ time, value: BigInt(port!) }))),
    addresses: longestRun(failed.map(({ time, destination }) => ({ time, value: addressNumber(destination) }))),
    unit_steps: round(unitSteps(reached, ports)),
    density: round(densityOf(reached)),
  };
}

interface Step {
  time: number;
  value: bigint;
}

function longestRun(steps: readonly Step[]): number {
  if (steps.length === 0) return 0;
  const values = distinct(steps.map(({ value }) => value)).sort((a, b) => (a < b ? -1 : 1));
  const ranks = new Map(values.map((value, rank) => [value, rank]));
  let longest = 1;
  const population = {
    times: steps.map(({ time }) => time),
    values: steps.map(({ value }) => ranks.get(value)!),
    size: values.length,
  };
  slideRuns(population, Number.MAX_SAFE_INTEGER, 2, (_start, _end, length) => {
    longest = Math.max(longest, length);
  });
  return longest;
}

/** The contacts of the destination with most distinct ports. */
function mostTouched(contacts: readonly ContactRecord[]): ContactRecord[] {
  const ports = new Map<string, Set<number>>();
  for (const { destination, port } of contacts) {
    const known = ports.get(destination) ?? ports.set(destination, new Set()).get(destination)!;
    known.add(port!);
  }
  const [most] = [...ports].sort(([one, a], [other, b]) => b.size - a.size || byAddress(one, other));
  return most ? contacts.filter(({ destination }) => destination === most[0]) : [];
}

/** Of the steps from one first contact to the next: how many go up or down by one, over hosts or over ports. */
function unitSteps(contacts: readonly ContactRecord[], ports: readonly ContactRecord[]): number {
  const hosts = contacts.map(({ destination }) => addressNumber(destination));
  return Math.max(shareOfOnes(hosts), shareOfOnes(ports.map(({ port }) => BigInt(port!))));
}

const LEAST_STEPS = 7;

function shareOfOnes(values: readonly bigint[]): number {
  const firsts = distinct(values);
  if (firsts.length <= LEAST_STEPS) return 0;
  const ones = firsts.slice(1).filter((value, at) => value - firsts[at]! === 1n || firsts[at]! - value === 1n).length;
  return ones / (firsts.length - 1);
}

/** Touched addresses of the most touched /24 (or /64) over the stretch from its lowest to its highest. */
function densityOf(contacts: readonly ContactRecord[]): number {
  const subnets = new Map<string, Set<bigint>>();
  for (const destination of distinct(contacts.map((contact) => contact.destination))) {
    const number = addressNumber(destination);
    const subnet = String(number >> (destination.includes(':') ? 64n : 8n));
    const known = subnets.get(subnet) ?? subnets.set(subnet, new Set()).get(subnet)!;
    known.add(number);
  }
  const most = [...subnets.values()].reduce<Set<bigint>>((a, b) => (b.size > a.size ? b : a), new Set());
  if (most.size <= LEAST_STEPS) return 0;
  const sorted = [...most].sort((a, b) => (a < b ? -1 : 1));
  return most.size / (Number(sorted.at(-1)! - sorted[0]!) + 1);
}

const round = (share: number): number => Math.round(share * 1_000) / 1_000;
