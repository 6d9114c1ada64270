import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { EngineConfig } from './backends/search/engine-address.js';
import { AppError } from './model/app-error.js';

/** An engine whose indices are hunted, and which of them. */
export interface EngineSettings extends EngineConfig {
  /** Index patterns of telemetry. */
  indices: readonly string[];
  /** What the names of our own indices begin with. */
  prefix: string;
  /** How long after its arrival a document may become searchable. */
  settlingMs: number;
}

const ENGINES = ['elasticsearch', 'opensearch'] as const;

/** Where Beats and Elastic Agent write. */
const AGENTS_INDICES = ['logs-*', 'winlogbeat-*', 'auditbeat-*', 'packetbeat-*', 'filebeat-*'];

/** Patterns that name no index of ours by mistake, and hold nothing that ends a path. */
const INDEX_PATTERN = /^[^\s,/\\?"<>|#]{1,255}$/;

const PREFIX = /^[a-z][a-z0-9_-]{0,50}$/;

/**
 * What holds where nothing is set. Engines show what they got after a refresh: a second later by default, up to 30 where
 * nobody searches.
 */
export const engineDefaults = { SCANHOUND_PREFIX: 'scanhound', SCANHOUND_SETTLE: '30s' } as const;

const Indices = z
  .string()
  .transform((list) => list.split(',').flatMap((pattern) => pattern.trim() || []))
  .refine((patterns) => patterns.length > 0 && patterns.every((pattern) => INDEX_PATTERN.test(pattern)), {
    message: 'must be index patterns with commas between',
  });

/**
 * The engine that ELASTICSEARCH_URL or OPENSEARCH_URL names, with the settings of its name (_USERNAME, _PASSWORD,
 * _API_KEY, _BEARER_TOKEN, each secret also as a file by _FILE; _CA a file of PEM certificates), SCANHOUND_INDICES,
 * SCANHOUND_PREFIX and SCANHOUND_SETTLE; undefined: the embedded store. Throws CONFIG_INVALID; no secret stands in its message.
 */
export function readEngine(environment: NodeJS.ProcessEnv): EngineSettings | undefined {
  const named = ENGINES.filter((engine) => environment[`${engine.toUpperCase()}_URL`]);
  const [engine] = named;
  if (engine === undefined) return undefined;
  if (named.length > 1) throw invalid('ELASTICSEARCH_URL and OPENSEARCH_URL are both set: leave one.');
  const prefix = engine.toUpperCase();
  const auth = readAuth(prefix, environment);
  const ca = environment[`${prefix}_CA`];
  const own = environment.SCANHOUND_PREFIX || engineDefaults.SCANHOUND_PREFIX;
  if (!PREFIX.test(own)) throw invalid('SCANHOUND_PREFIX must be up to 51 of a-z, 0-9, _ and -, a letter first.');
  const indices = Indices.safeParse(
    environment.SCANHOUND_INDICES || [...AGENTS_INDICES, `${ownTelemetry(own)}*`].join(','),
  );
  if (!indices.success) throw invalid(`SCANHOUND_INDICES: ${indices.error.issues[0]!.message}`);
  return {
    engine,
    url: environment[`${prefix}_URL`]!,
    ...(auth && { auth }),
    ...(ca && { ca: readText(`${prefix}_CA`, ca) }),
    indices: indices.data,
    prefix: own,
    settlingMs: readSettling(environment.SCANHOUND_SETTLE || engineDefaults.SCANHOUND_SETTLE),
  };
}

/** Where what we import ourselves is indexed. */
export const ownTelemetry = (prefix: string): string => `${prefix}-telemetry`;

function readAuth(prefix: string, environment: NodeJS.ProcessEnv): EngineConfig['auth'] {
  const username = environment[`${prefix}_USERNAME`];
  const password = readSecret(`${prefix}_PASSWORD`, environment);
  const apiKey = readSecret(`${prefix}_API_KEY`, environment);
  const bearer = readSecret(`${prefix}_BEARER_TOKEN`, environment);
  if ((username === undefined || username === '') !== (password === undefined))
    throw invalid(`${prefix}_USERNAME and ${prefix}_PASSWORD belong together: set both, or none.`);
  const given = [
    password !== undefined && { username: username!, password },
    apiKey !== undefined && { apiKey },
    bearer !== undefined && { bearer },
  ].filter((one) => one !== false);
  if (given.length > 1) throw invalid(`${prefix}: set a password, an API key or a bearer token, not several.`);
  return given[0];
}

/** From the variable, or from the file that the variable's `_FILE` names; an empty one is absent. */
function readSecret(name: string, environment: NodeJS.ProcessEnv): string | undefined {
  const file = environment[`${name}_FILE`];
  if (environment[name] && file) throw invalid(`${name} and ${name}_FILE are both set: leave one.`);
  return (file ? readText(`${name}_FILE`, file).trim() : environment[name]) || undefined;
}

function readSettling(text: string): number {
  const [, number, unit] = /^(\d{1,4})([sm])$/.exec(text) ?? [];
  if (number === undefined) throw invalid('SCANHOUND_SETTLE must be seconds or minutes, as 30s, 2m or 0s.');
  return Number(number) * (unit === 'm' ? 60_000 : 1_000);
}

function readText(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw invalid(`${name}: ${file} can't be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}).`);
  }
}

const invalid = (message: string) => new AppError('CONFIG_INVALID', message);
