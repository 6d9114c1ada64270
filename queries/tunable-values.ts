import ipaddr from 'ipaddr.js';
import { RE2JS } from 're2js';
import type { Analytic, Tunable, TunableValue } from './analytic.js';

/** A tunable that does not exist or a value that it can't take. The message names both and what is allowed. */
export class TunableError extends Error {}

/** Values as given by a user: numbers, texts or lists, under the tunables' names. */
export type TunableSettings = Readonly<Record<string, unknown>>;

/** An analytic's tunables in force: its defaults, with the given values checked and in place. Throws TunableError. */
export function tunablesOf(analytic: Analytic, settings: TunableSettings = {}): Record<string, TunableValue> {
  const values: Record<string, TunableValue> = {};
  for (const [name, tunable] of Object.entries(analytic.tunables)) values[name] = tunable.default;
  for (const [name, value] of Object.entries(settings)) {
    const tunable = Object.hasOwn(analytic.tunables, name) ? analytic.tunables[name] : undefined;
    if (!tunable)
      throw new TunableError(
        `${analytic.id} has no tunable ${name}. It has: ${Object.keys(analytic.tunables).join(', ')}.`,
      );
    values[name] = check(`${analytic.id}.${name}`, tunable, value);
  }
  return values;
}

/**
 * A tunable's value from a command line: a number (times also as `10m`, `2h`, `1d`), a text, or a list, comma-separated
 * or as JSON (patterns that hold commas). Throws TunableError.
 */
export function parseTunable(label: string, tunable: Tunable, text: string): TunableValue {
  if (Array.isArray(tunable.default)) return check(label, tunable, parseList(label, text));
  if (typeof tunable.default === 'number') return check(label, tunable, parseNumber(text, tunable.unit));
  return check(label, tunable, text.trim());
}

function parseList(label: string, text: string): unknown {
  if (!text.trim().startsWith('['))
    return text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  try {
    return JSON.parse(text);
  } catch {
    throw new TunableError(`${label}: the list is not valid JSON.`);
  }
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

function parseNumber(text: string, unit: string): number {
  const [, digits, suffix] = /^\s*(\d+)\s*([smhd]?)\s*$/.exec(text) ?? [];
  if (digits === undefined) return Number.NaN;
  if (suffix && unit !== 'seconds') return Number.NaN;
  return Number(digits) * (suffix ? SECONDS[suffix]! : 1);
}

function check(label: string, tunable: Tunable, value: unknown): TunableValue {
  if (typeof tunable.default === 'number') return checkNumber(label, tunable, value);
  if (Array.isArray(tunable.default)) return checkList(label, tunable, value);
  if (typeof value !== 'string' || (tunable.choices && !tunable.choices.includes(value)))
    throw new TunableError(`${label} must be one of ${tunable.choices?.join(', ')}.`);
  return value;
}

function checkNumber(label: string, tunable: Tunable, value: unknown): number {
  const [low, high] = tunable.range ?? [0, Number.MAX_SAFE_INTEGER];
  const isRounds = label.endsWith('PollingRounds');
  if (typeof value !== 'number' || !Number.isInteger(value) || value < low || value > high || (isRounds && value === 1))
    throw new TunableError(
      `${label} must be a whole number of ${tunable.unit} from ${low} to ${high}${isRounds ? ', and not 1: every contact would be polling' : ''}.`,
    );
  return value;
}

const MAX_ITEMS = 10_000;
const MAX_TEXT = 4_096;

function checkList(label: string, tunable: Tunable, value: unknown): readonly string[] | readonly number[] {
  if (!Array.isArray(value) || value.length > MAX_ITEMS)
    throw new TunableError(`${label} must be a list of ${tunable.unit}, ${MAX_ITEMS} at most.`);
  if (tunable.items === 'port') {
    const ports = value.map(Number);
    const wrong = ports.findIndex((port) => !Number.isInteger(port) || port < 1 || port > 65_535);
    if (wrong >= 0) throw new TunableError(`${label}: ${String(value[wrong])} is not a port.`);
    return ports;
  }
  for (const item of value)
    if (typeof item !== 'string' || item.length > MAX_TEXT)
      throw new TunableError(`${label}: every item must be a text.`);
  const texts = value as string[];
  for (const text of texts) checkItem(label, tunable, text);
  return texts;
}

function checkItem(label: string, tunable: Tunable, text: string): void {
  if (tunable.items === 'address' && !ipaddr.isValidCIDR(text) && !ipaddr.isValid(text))
    throw new TunableError(`${label}: ${text} is neither an address nor a CIDR range.`);
  if (tunable.items !== 'pattern') return;
  try {
    RE2JS.compile(text);
  } catch (error) {
    throw new TunableError(
      `${label}: ${text} is no RE2 pattern: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
