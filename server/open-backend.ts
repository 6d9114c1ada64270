import type { Backend } from './backend.js';
import { placeOf } from './backends/search/engine-address.js';
import type { EngineSettings } from './engine-config.js';

/** Where telemetry and alerts are: on an engine, else in the folder of an embedded store, else in memory. */
export interface StoreSettings {
  engine?: EngineSettings | undefined;
  data?: string | undefined;
  /** Where backups of the embedded store are written; absent: in its folder. */
  backups?: string | undefined;
}

/**
 * Only the client that is used is loaded: each takes some 0.3 s.
 * Throws STORE_LOCKED, STORE_UNUSABLE; ENGINE_UNAVAILABLE, ENGINE_REFUSED.
 */
export async function openBackend({ engine, data, backups }: StoreSettings, now: () => number): Promise<Backend> {
  if (engine) return (await import('./open-engine.js')).openEngine(engine, now);
  const { openEmbedded, openKept } = await import('./open-embedded.js');
  return data === undefined ? openEmbedded(now) : openKept(data, now, backups);
}

/** How people call the store. */
export const storeName = ({ engine, data }: StoreSettings): string => (engine ? placeOf(engine) : (data ?? 'memory'));
