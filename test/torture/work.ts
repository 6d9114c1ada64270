import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { everyDocument } from '../../server/model/every-document.js';
import type { Run } from '../../server/model/run.js';
import { type Backend, openBackend } from '../../server/open-backend.js';
import { ScanhoundPlugin } from '../../server/plugin.js';
import { finalOf } from '../scenarios/final.js';
import { alertsIn } from '../scenarios/play.js';
import { at, DAY } from '../scenarios/times.js';
import { settings } from './site.js';
import { type Listener, watched } from './watched-backend.js';

const quiet = { error() {}, warn() {}, info() {} };

/** What a store holds in the end. */
export interface Ending {
  /** Final alerts, without what two runs need not agree on. */
  alerts: unknown[];
  /** The states of all alerts, in order. */
  states: string[];
  /** The newest arrival: other than in another store where telemetry was lost or stored twice. */
  position: number;
  /** Ids of runs that stand neither as done nor as failed. */
  open: string[];
  /** Ids of marks that are not at the newest arrival, and how many marks there are. */
  behind: string[];
  marks: number;
}

/**
 * The work of a service on an embedded store: piece after piece is imported and hunted, as the schedule does; the last
 * one days later, when windows of all lengths are due. Begun again in the same store, all of it is done again.
 *
 * @param site the folder of the pieces
 * @param data the folder of the store
 */
export async function work(site: string, data: string, listener: Listener = () => undefined): Promise<Ending> {
  let clock = at(60 * DAY);
  let backend: Backend | undefined;
  const plugin = new ScanhoundPlugin(
    quiet,
    () => clock,
    async (...asked) => {
      listener('open');
      backend = await openBackend(...asked);
      return watched(backend, listener);
    },
  );
  try {
    const scanhound = await plugin.setup({ data, settings });
    const pieces = readdirSync(site).sort();
    for (const [index, piece] of pieces.entries()) {
      if (index === pieces.length - 1) clock += 2 * DAY * 1_000;
      const { failure } = await scanhound.importTelemetry([join(site, piece)]);
      if (failure) throw failure;
      await scanhound.huntArrivals();
    }
    return await endingOf(backend!);
  } finally {
    await plugin.stop();
  }
}

async function endingOf({ documents, telemetry }: Backend): Promise<Ending> {
  const [alerts, position] = await Promise.all([alertsIn(documents), telemetry.position()]);
  const runs = await everyDocument<Run>(documents, 'run');
  const marks = await everyDocument<{ position: number }>(documents, 'mark');
  return {
    alerts: finalOf(alerts),
    states: alerts.map(({ scanhound }) => scanhound.state).sort(),
    position,
    open: runs.filter(({ body }) => body.state === 'running').map(({ id }) => id),
    behind: marks.filter(({ body }) => body.position !== position).map(({ id }) => id),
    marks: marks.length,
  };
}

/** No run stands open, and nothing that arrived is left to be hunted. */
export function assertWhole({ open, behind, marks }: Ending): void {
  assert.deepEqual({ open, behind }, { open: [], behind: [] });
  assert.ok(marks > 0);
}
