import { z } from 'zod';
import { readCadences } from './cadence-config.js';
import { type ConfigFile, configKeys, noConfigFile, readConfigFile } from './config-file.js';
import { type EngineSettings, engineDefaults, readEngine } from './engine-config.js';
import type { CadenceSettings } from './jobs/cadences.js';
import { isCadence } from './jobs/schedule.js';
import type { Settings } from './jobs/settings.js';
import { AppError } from './model/app-error.js';

export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

export interface Config {
  /** The configuration file, where there is one. */
  file: string | undefined;
  /** The address to listen on. */
  host: string;
  /** 0: any free one. */
  port: number;
  /** The folder of the embedded store. */
  data: string;
  /** The engine that holds telemetry and alerts instead of the embedded store; a folder named on the command line wins. */
  engine: EngineSettings | undefined;
  /** When windows are hunted. */
  cadences: CadenceSettings;
  /** Days for which telemetry in the embedded store is hunted; undefined: for ever. */
  retentionDays: number | undefined;
  /** Folders whose files the service reads while it runs. */
  watch: readonly string[];
  /** Names under which the service may be asked, besides localhost, addresses and `host`. */
  allowedHosts: readonly string[];
  /** How long, in ms, nothing may come of a source that came before; undefined: for ever. */
  silenceMs: number | undefined;
  /** How long, in ms, what is at work may go on once the service stops. */
  drainMs: number;
  logLevel: LogLevel;
  /** Tunables that the configuration file sets. */
  tunables: Settings;
}

const Environment = z.object({
  SCANHOUND_HOST: z.string().max(253).default('127.0.0.1'),
  SCANHOUND_PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a port from 0 to 65535')
    .transform(Number)
    .refine((port) => port <= 65_535, 'must be a port from 0 to 65535')
    .default(8046),
  SCANHOUND_DATA: z.string().default('scanhound-data'),
  SCANHOUND_SCHEDULE: z
    .string()
    .refine((when) => when === 'off' || isCadence(when), 'must be a cron expression, an interval (2s, 5m, 1h), or off')
    .default('* * * * *'),
  SCANHOUND_RETENTION: z
    .string()
    .regex(/^[1-9]\d{0,3}d$/, 'must be a number of days, as 30d')
    .transform((days) => Number.parseInt(days, 10))
    .optional(),
  SCANHOUND_WATCH: z
    .string()
    .transform((folders) => folders.split(',').flatMap((folder) => folder.trim() || []))
    .default([]),
  SCANHOUND_ALLOWED_HOSTS: z
    .string()
    .transform((names) => names.split(',').flatMap((name) => name.trim().toLowerCase() || []))
    .default([]),
  SCANHOUND_SILENCE: z
    .string()
    .regex(/^(off|[1-9]\d{0,2}[smh])$/, 'must be seconds, minutes or hours, as 10m or 1h, or off')
    .default('1h'),
  SCANHOUND_DRAIN: z
    .string()
    .regex(/^\d{1,3}[sm]$/, 'must be seconds or minutes, as 5s or 1m')
    .default('5s'),
  SCANHOUND_LOG: z.enum(['error', 'warn', 'info', 'debug']).default('info'),
});

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

const toMs = (text: string): number => Number(text.slice(0, -1)) * UNIT_MS[text.slice(-1)]!;

/** Options of the command line by the variable whose place they take; absent ones leave it to the environment. */
export interface Overrides {
  SCANHOUND_CONFIG?: string | undefined;
  SCANHOUND_HOST?: string | undefined;
  SCANHOUND_PORT?: string | undefined;
  SCANHOUND_DATA?: string | undefined;
  SCANHOUND_WATCH?: string | undefined;
}

/**
 * Settings of this process: options come before variables, and those before the file that SCANHOUND_CONFIG names. An empty
 * variable is an absent one. Throws CONFIG_INVALID naming each that is wrong.
 */
export function readConfig(overrides: Overrides = {}, environment: NodeJS.ProcessEnv = process.env): Config {
  const { set, file, variables } = variablesOf(overrides, environment);
  const read = Environment.safeParse(variables);
  if (!read.success)
    throw new AppError('CONFIG_INVALID', read.error.issues.map((issue) => describe(issue, set, file)).join('; '));
  return {
    file: set.SCANHOUND_CONFIG,
    host: read.data.SCANHOUND_HOST,
    port: read.data.SCANHOUND_PORT,
    data: read.data.SCANHOUND_DATA,
    engine: overrides.SCANHOUND_DATA === undefined ? readEngine(variables) : undefined,
    cadences: readCadences(set, variables.SCANHOUND_SCHEDULE, file.cadences),
    retentionDays: read.data.SCANHOUND_RETENTION,
    watch: read.data.SCANHOUND_WATCH,
    allowedHosts: read.data.SCANHOUND_ALLOWED_HOSTS,
    silenceMs: read.data.SCANHOUND_SILENCE === 'off' ? undefined : toMs(read.data.SCANHOUND_SILENCE),
    drainMs: toMs(read.data.SCANHOUND_DRAIN),
    logLevel: read.data.SCANHOUND_LOG,
    tunables: file.tunables,
  };
}

/** One setting: its key in the file, its value as text, and where that comes from. */
export interface SettingInForce {
  key: string;
  setting: string;
  /** `environment NAME`, the file's name and line, or `default`. */
  from: string;
}

/** The settings that have a key in the file, those of engines only where they are set. Throws CONFIG_INVALID. */
export function settingsInForce(
  overrides: Overrides = {},
  environment: NodeJS.ProcessEnv = process.env,
): SettingInForce[] {
  const { set, file, variables } = variablesOf(overrides, environment);
  const defaults: Readonly<Record<string, unknown>> = { ...Environment.parse({}), ...engineDefaults };
  return Object.entries(configKeys).flatMap(([key, variable]) => {
    const setting = variables[variable] ?? defaults[variable];
    if (setting === undefined) return [];
    const place = set[variable] === undefined ? file.placeOf(variable) : `environment ${variable}`;
    return [{ key, setting: String(setting), from: place ?? 'default' }];
  });
}

type Variables = Readonly<Record<string, string>>;

function variablesOf(overrides: Overrides, environment: NodeJS.ProcessEnv) {
  const set = { ...withoutEmpty(environment), ...withoutEmpty({ ...overrides }) };
  const file = set.SCANHOUND_CONFIG === undefined ? noConfigFile : readConfigFile(set.SCANHOUND_CONFIG);
  return { set, file, variables: { ...fromFile(file, set), ...set } };
}

const withoutEmpty = (given: Readonly<Record<string, string | undefined>>): Variables =>
  Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => Boolean(entry[1])));

const ENGINE = /^(ELASTICSEARCH|OPENSEARCH)_/;
const SECRET = /_(PASSWORD|API_KEY|BEARER_TOKEN)(_FILE)?$/;

/**
 * What the file says besides what is set. An engine that the environment names is another one than the file's: nothing of
 * that is meant for it. A secret of the environment takes the place of the file's, of whatever kind they are.
 */
function fromFile({ variables }: ConfigFile, set: Variables): Variables {
  const secrets = Object.keys(set).filter((name) => ENGINE.test(name) && SECRET.test(name));
  const isMeant = (name: string): boolean => {
    if (!ENGINE.test(name)) return true;
    if (set.ELASTICSEARCH_URL || set.OPENSEARCH_URL) return false;
    if (secrets.length === 0) return true;
    return !SECRET.test(name) && (!name.endsWith('_USERNAME') || secrets.some((one) => one.includes('_PASSWORD')));
  };
  return Object.fromEntries(Object.entries(variables).filter(([name]) => isMeant(name)));
}

/** `SCANHOUND_PORT (--port): …`, or where the file says so. */
function describe({ path, message }: z.core.$ZodIssue, set: Variables, { placeOf }: ConfigFile): string {
  const name = String(path[0]);
  const place = set[name] === undefined ? placeOf(name) : undefined;
  const option = { SCANHOUND_HOST: '--host', SCANHOUND_PORT: '--port', SCANHOUND_DATA: '--data' }[name];
  return `${place ?? `${name}${option ? ` (${option})` : ''}`}: ${message}`;
}
