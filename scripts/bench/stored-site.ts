import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Connection } from '../../server/backends/search/connection.js';
import { SearchDocuments } from '../../server/backends/search/documents.js';
import type { EngineConfig } from '../../server/backends/search/engine-address.js';
import { SearchTelemetry } from '../../server/backends/search/telemetry.js';
import type { HuntPorts } from '../../server/hunt/hunt-span.js';
import type { Span } from '../../server/model/ports.js';
import { type EngineSite, INDICES } from './engine-site.js';
import type { RuleAsked } from './rule-engine.js';

export type Size = Omit<EngineSite, 'indices'>;

/** A site on an engine, to be hunted and to be asked by a fixed-window rule. */
export interface StoredSite {
  size: Size;
  ports: HuntPorts;
  extent: Span;
  /** Milliseconds that the rule's query over a span takes. */
  askRule(span: Span): Promise<number>;
  /** Removes it. */
  close(): Promise<void>;
}

const RULE_ENGINE = fileURLToPath(new URL('rule-engine.js', import.meta.url));
const LOAD_ENGINE = fileURLToPath(new URL('load-engine.js', import.meta.url));

/** Stores sites for as long as they are used. */
export async function onStoredSites(
  config: EngineConfig,
  sizes: readonly Size[],
  use: (sites: readonly StoredSite[]) => Promise<void>,
): Promise<void> {
  const sites: StoredSite[] = [];
  try {
    for (const size of sizes) sites.push(await storeSite(config, size));
    await use(sites);
  } finally {
    await Promise.allSettled(sites.map((site) => site.close())); // what went wrong before matters more
  }
}

async function storeSite(config: EngineConfig, size: Size): Promise<StoredSite> {
  const prefix = `bench-${randomUUID()}`;
  const pattern = `${prefix}-logs-*`;
  const connection = Connection.open(config);
  const rule = startRule(config, pattern);
  const close = async () => {
    rule.stop();
    const own = await connection.request((client) => client.indices.resolveIndex({ name: `${prefix}-*` }));
    const made = own.indices.map(({ name }) => name); // wildcards may not delete
    if (made.length > 0) await connection.request((client) => client.indices.delete({ index: made }));
    await connection.close();
  };
  try {
    const indices = Array.from({ length: INDICES }, (_, number) => `${prefix}-logs-${number}`);
    await load(config, { indices, ...size });
    const documents = await SearchDocuments.open(connection, prefix);
    const telemetry = new SearchTelemetry(connection, pattern, { now: Date.now, settlingMs: 0 });
    const extent = (await telemetry.extent())!;
    return { size, ports: { telemetry, documents, now: Date.now }, extent, askRule: rule.ask, close };
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
}

/** Another process makes what is hunted: its memory counts to no hunt. */
async function load(config: EngineConfig, site: EngineSite): Promise<void> {
  const child = fork(LOAD_ENGINE);
  child.send({ config, site });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`The contacts could not be stored: exit code ${code}.`);
}

/** The rule's query, sent by another process, whose memory counts to no hunt: `ask` gives milliseconds. */
function startRule(config: EngineConfig, index: string) {
  const child = fork(RULE_ENGINE);
  const ended = new AbortController();
  child.once('exit', () => ended.abort());
  return {
    stop: () => child.kill(),
    ask: async (span: Span): Promise<number> => {
      child.send({ config, index, span } satisfies RuleAsked);
      const [milliseconds] = await once(child, 'message', { signal: ended.signal });
      return milliseconds;
    },
  };
}
