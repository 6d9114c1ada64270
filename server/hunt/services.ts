import { RE2JS } from 're2js';
import type { Plan } from '../../queries/plan.js';
import type { Fire } from './sliding.js';

/** The question that asks which service types there are at all (RFC 6763, section 9). */
const META_QUERY = /^_services\._dns-sd\._udp(\.local)?$/;

export interface ServicePatterns {
  kindOf(name: string): 'meta' | 'type' | 'other';
}

/** Judges questions by MDNSServiceQueryPatterns; a plan without them takes every question as a type. */
export function servicePatterns(plan: Plan): ServicePatterns {
  const patterns = ((plan.tunables.MDNSServiceQueryPatterns ?? []) as readonly string[]).map((pattern) =>
    RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE),
  );
  const known = new Map<string, 'meta' | 'type' | 'other'>();
  return {
    kindOf(name) {
      let kind = known.get(name);
      if (kind === undefined) {
        if (META_QUERY.test(name)) kind = 'meta';
        else kind = patterns.some((pattern) => pattern.matcher(name).find()) ? 'type' : 'other';
        known.set(name, kind);
      }
      return kind;
    },
  };
}

/**
 * Judges the closed window that ends at each question: distinct service types, where the window also holds a meta
 * query. `types[i]` is a number from 0, or −1 for the meta query, which is no type of its own.
 */
export function slideServices(
  times: readonly number[],
  types: readonly number[],
  windowMs: number,
  threshold: number,
  fire: Fire,
): void {
  const held = new Map<number, number>();
  let oldest = 0;
  for (let at = 0; at < times.length; at++) {
    const end = times[at]!;
    held.set(types[at]!, (held.get(types[at]!) ?? 0) + 1);
    if (times[at + 1] === end) continue;
    for (; times[oldest]! < end - windowMs; oldest++) {
      const left = held.get(types[oldest]!)! - 1;
      if (left === 0) held.delete(types[oldest]!);
      else held.set(types[oldest]!, left);
    }
    const hasMeta = held.has(-1);
    const distinct = held.size - (hasMeta ? 1 : 0);
    if (hasMeta && distinct >= threshold) fire(times[oldest]!, end, distinct);
  }
}
