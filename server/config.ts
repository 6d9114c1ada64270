import { z } from 'zod';
import { type EngineSettings, readEngine } from './engine-config.js';
import { AppError } from './model/app-error.js';

export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

export interface Config {
  /** The address to listen on. */
  host: string;
  /** 0: any free one. */
  port: number;
  /** The folder of the embedded store. */
  data: string;
  /** The engine that holds telemetry and alerts instead of the embedded store; a folder named on the command line wins. */
  engine: EngineSettings | undefined;
  /** When the service looks for arrivals, as cron in UTC or as an interval; undefined: never. */
  schedule: string | undefined;
  /** Names under which the service may be asked, besides localhost, addresses and `host`. */
  allowedHosts: readonly string[];
  logLevel: LogLevel;
}

/** An interval; or five fields, or six with seconds before them. What they mean is judged by the scheduler. */
const SCHEDULE = /^(off|[1-9](\d{0,4}s|\d{0,3}m|\d?h)|\S+( \S+){4,5})$/;

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
    .regex(SCHEDULE, 'must be a cron expression, an interval (2s, 5m, 1h), or off')
    .default('* * * * *'),
  SCANHOUND_ALLOWED_HOSTS: z
    .string()
    .transform((names) => names.split(',').flatMap((name) => name.trim().toLowerCase() || []))
    .default([]),
  SCANHOUND_LOG: z.enum(['error', 'warn', 'info', 'debug']).default('info'),
});

/** Options of the command line by the variable whose place they take; absent ones leave it to the environment. */
export interface Overrides {
  SCANHOUND_HOST?: string | undefined;
  SCANHOUND_PORT?: string | undefined;
  SCANHOUND_DATA?: string | undefined;
}

/** Settings of this process. An empty variable is an absent one. Throws CONFIG_INVALID naming each that is wrong. */
export function readConfig(overrides: Overrides = {}, environment: NodeJS.ProcessEnv = process.env): Config {
  const given: Record<string, string> = {};
  for (const [name, text] of [...Object.entries(environment), ...Object.entries(overrides)])
    if (text && name.startsWith('SCANHOUND_')) given[name] = text;
  const read = Environment.safeParse(given);
  if (!read.success) throw new AppError('CONFIG_INVALID', read.error.issues.map(describe).join('; '));
  return {
    host: read.data.SCANHOUND_HOST,
    port: read.data.SCANHOUND_PORT,
    data: read.data.SCANHOUND_DATA,
    engine: overrides.SCANHOUND_DATA === undefined ? readEngine(environment) : undefined,
    schedule: read.data.SCANHOUND_SCHEDULE === 'off' ? undefined : read.data.SCANHOUND_SCHEDULE,
    allowedHosts: read.data.SCANHOUND_ALLOWED_HOSTS,
    logLevel: read.data.SCANHOUND_LOG,
  };
}

/** `SCANHOUND_PORT (--port): …` */
function describe({ path, message }: z.core.$ZodIssue): string {
  const name = String(path[0]);
  const option = { SCANHOUND_HOST: '--host', SCANHOUND_PORT: '--port', SCANHOUND_DATA: '--data' }[name];
  return `${name}${option ? ` (${option})` : ''}: ${message}`;
}
