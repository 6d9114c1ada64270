import { readFileSync, statSync } from 'node:fs';
import { type Document, isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import type { OwnCadence } from './jobs/cadences.js';
import type { Settings } from './jobs/settings.js';
import { AppError } from './model/app-error.js';

/** A configuration file as it is read: settings by the environment variables whose place they take, tunables and cadences. */
export interface ConfigFile {
  variables: Readonly<Record<string, string>>;
  tunables: Settings;
  cadences: readonly OwnCadence[];
  /** Where a variable's setting stands: `server.port (scanhound.yaml, line 3)`. */
  placeOf: (variable: string) => string | undefined;
}

export const noConfigFile: ConfigFile = { variables: {}, tunables: [], cadences: [], placeOf: () => undefined };

/** Each key of the file and the environment variable that comes before it. Secrets are not among them: only their files. */
export const configKeys: Readonly<Record<string, string>> = {
  'server.host': 'SCANHOUND_HOST',
  'server.port': 'SCANHOUND_PORT',
  'server.allowed_hosts': 'SCANHOUND_ALLOWED_HOSTS',
  'store.data': 'SCANHOUND_DATA',
  'store.retention': 'SCANHOUND_RETENTION',
  'store.indices': 'SCANHOUND_INDICES',
  'store.prefix': 'SCANHOUND_PREFIX',
  'schedule.every': 'SCANHOUND_SCHEDULE',
  'schedule.settle': 'SCANHOUND_SETTLE',
  'health.silence': 'SCANHOUND_SILENCE',
  'server.drain': 'SCANHOUND_DRAIN',
  'watch.folders': 'SCANHOUND_WATCH',
  'log.level': 'SCANHOUND_LOG',
  ...Object.fromEntries(
    ['elasticsearch', 'opensearch'].flatMap((engine) =>
      ['url', 'username', 'password_file', 'api_key_file', 'bearer_token_file', 'ca'].map((key) => [
        `${engine}.${key}`,
        `${engine}_${key}`.toUpperCase(),
      ]),
    ),
  ),
};

const value = z.union([z.string(), z.number(), z.array(z.string()), z.array(z.number())]);

const schema = z.strictObject({
  ...Object.fromEntries([...sections()].map(([name, keys]) => [name, z.strictObject(keys).partial().optional()])),
  /** `AN1057: { ScanRateThreshold: 20 }`, or `TimeWindow: 60` for every analytic that has it. */
  tunables: z.record(z.string(), z.union([value, z.record(z.string(), value)])).optional(),
  /** `AN1057: { 60s: 1m, 1h: 15m }`, or `AN1057: 5m` for all its windows. */
  cadences: z.record(z.string(), z.union([z.string(), z.record(z.string(), z.string())])).optional(),
});

function sections(): Map<string, Record<string, typeof value>> {
  const found = new Map<string, Record<string, typeof value>>();
  for (const path of Object.keys(configKeys)) {
    const [section = '', key = ''] = path.split('.');
    found.set(section, { ...found.get(section), [key]: value });
  }
  return found;
}

const MOST_BYTES = 1024 * 1024;
const MOST_ALIASES = 50;

/** Reads a YAML file. Throws CONFIG_INVALID that names the file, the line and the key. */
export function readConfigFile(path: string): ConfigFile {
  const lines = new LineCounter();
  const document = parseDocument(read(path), { lineCounter: lines });
  const [broken] = document.errors;
  if (broken) throw invalid(`${path}: ${broken.message.split('\n')[0]}`);
  const lineOf = (keys: readonly PropertyKey[]): string => {
    const at = offsetOf(document, keys);
    return at === undefined ? path : `${path}, line ${lines.linePos(at).line}`;
  };
  const parsed = schema.safeParse(contentOf(document, path));
  if (!parsed.success) throw invalid(parsed.error.issues.map((issue) => describe(issue, lineOf)).join('; '));
  const { tunables = {}, cadences = {}, ...given } = parsed.data as Given;
  const variables: Record<string, string> = {};
  const places = new Map<string, string>();
  for (const [key, variable] of Object.entries(configKeys)) {
    const [section = '', name = ''] = key.split('.');
    const setting = given[section]?.[name];
    if (setting === undefined) continue;
    variables[variable] = Array.isArray(setting) ? setting.join(',') : String(setting);
    places.set(variable, `${key} (${lineOf([section, name])})`);
  }
  return {
    variables,
    tunables: settingsIn(tunables),
    cadences: cadencesIn(cadences, lineOf),
    placeOf: (variable) => places.get(variable),
  };
}

type Value = z.infer<typeof value>;
type Tunables = Record<string, Value | Record<string, Value>>;
type Cadences = Record<string, string | Record<string, string>>;
type Given = { tunables?: Tunables; cadences?: Cadences } & Record<string, Record<string, Value>>;

const settingsIn = (tunables: Tunables): Settings =>
  Object.entries(tunables).flatMap(([name, given]): [string, unknown][] =>
    typeof given === 'object' && !Array.isArray(given)
      ? Object.entries(given).map(([tunable, own]) => [`${name}.${tunable}`, own])
      : [[name, given]],
  );

const cadencesIn = (cadences: Cadences, lineOf: (keys: readonly string[]) => string): OwnCadence[] =>
  Object.entries(cadences).flatMap(([analytic, given]): OwnCadence[] => {
    const placeOf = (...keys: string[]) => `${keys.join('.')} (${lineOf(keys)})`;
    if (typeof given === 'string') return [{ analytic, when: given, place: placeOf('cadences', analytic) }];
    return Object.entries(given).map(([window, when]) => ({
      analytic,
      window,
      when,
      place: placeOf('cadences', analytic, window),
    }));
  });

function read(path: string): string {
  try {
    if (statSync(path).size > MOST_BYTES) throw invalid(`${path} has more than ${MOST_BYTES} bytes.`);
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw invalid(`${path} can't be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}).`);
  }
}

function contentOf(document: Document, path: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES }) ?? {};
  } catch (error) {
    throw invalid(`${path}: ${(error as Error).message}`);
  }
}

/** Where the key stands, else the nearest one above it. */
function offsetOf(document: Document, keys: readonly PropertyKey[]): number | undefined {
  let node: unknown = document.contents;
  let found: number | undefined;
  for (const key of keys) {
    if (!isMap(node)) return found;
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
    if (!pair) return found;
    found = isScalar(pair.key) ? pair.key.range?.[0] : found;
    node = pair.value;
  }
  return found;
}

function describe(issue: z.core.$ZodIssue, lineOf: (keys: readonly PropertyKey[]) => string): string {
  const key = issue.path.join('.');
  const kind = key.startsWith('cadences') ? 'a cadence as 1m, or cadences by window' : 'a text, a number or a list';
  if (issue.code !== 'unrecognized_keys') return `${key} (${lineOf(issue.path)}) must be ${kind}`;
  const known = Object.keys(configKeys).filter((one) => key === '' || one.startsWith(`${key}.`));
  const near = key === '' ? [...new Set(known.map((one) => one.split('.')[0])), 'tunables', 'cadences'] : known;
  return issue.keys
    .map(
      (own) =>
        `${[...issue.path, own].join('.')} (${lineOf([...issue.path, own])}) is unknown; there is ${near.join(', ')}`,
    )
    .join('; ');
}

const invalid = (message: string) => new AppError('CONFIG_INVALID', message);
