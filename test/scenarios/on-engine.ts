import { test } from 'node:test';
import type { EngineName } from '../../scripts/engines/engine.js';
import { openEngine } from '../backends/search/open-engine.js';
import { needsEngine } from '../engines.js';
import { scenarios } from './index.js';
import { playAll } from './play.js';

/** Every scenario on a real engine. */
export function playOnEngine(name: EngineName): void {
  const { skip } = needsEngine(name);
  if (skip === undefined) playAll(name, (now) => openEngine(name, now), scenarios);
  else test(`${name}: every scenario`, { skip }, () => undefined);
}
