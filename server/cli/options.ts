import { InvalidArgumentError, Option } from 'commander';
import { DateTime } from 'luxon';

/** One more of an option that may be given again. */
const append = <T>(value: T, earlier: readonly T[] | undefined): T[] => [...(earlier ?? []), value];

const toList = (text: string, earlier: readonly string[] | undefined): string[] => [
  ...(earlier ?? []),
  ...text.split(',').flatMap((item) => item.trim() || []),
];

/** `AN1057.ScanRateThreshold=10`: split at the first `=`. */
function toSetting(text: string, earlier: readonly [string, string][] | undefined): [string, string][] {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It must be NAME=VALUE.');
  return append([text.slice(0, at).trim(), text.slice(at + 1)], earlier);
}

/** Epoch ms of an ISO 8601 time; without a zone it is UTC, a day alone is its midnight. */
function toInstant(text: string): number {
  const time = DateTime.fromISO(text, { zone: 'utc' });
  if (!time.isValid) throw new InvalidArgumentError('It must be an ISO 8601 time, as 2026-01-31T08:00:00Z.');
  return time.toMillis();
}

/** Where a service listens. It has no users: a name or a secret in it could only leak. */
function toService(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password)
    throw new InvalidArgumentError('It must be an address, as http://127.0.0.1:8046.');
  return url;
}

/** What is asked of a store, and with which settings. */
export interface StoreQuestion {
  analytic?: string[];
  from?: number;
  to?: number;
  set?: [string, string][];
  json?: boolean;
  data?: string;
  config?: string;
}

export const urlOption = (what: string) =>
  new Option('--url <address>', `${what} the service that listens there, which holds the store`).argParser(toService);

export const configOption = () => new Option('--config <file>', 'YAML file of settings (SCANHOUND_CONFIG)');

export const dataOption = () =>
  new Option('--data <folder>', 'folder of the store (SCANHOUND_DATA, else ./scanhound-data)');

export const setOption = () =>
  new Option(
    '--set <name=value>',
    'a tunable, as AN1057.ScanRateThreshold=10; without an analytic for all; repeatable',
  ).argParser(toSetting);

export const analyticOption = () =>
  new Option('--analytic <ids>', 'only these, comma-separated: AN1057,AN1058,AN1059,AN1060').argParser(toList);

export const fromOption = () =>
  new Option('--from <time>', 'only telemetry from this time on, ISO 8601').argParser(toInstant);

export const toOption = () => new Option('--to <time>', 'only telemetry up to this time').argParser(toInstant);

export const rejectsOption = (standard: string) =>
  new Option('--rejects <file>', `keep records that can't be read in this file (${standard})`);

export const jsonOption = (what: string) => new Option('--json', `print ${what} as JSON, one a line`);
