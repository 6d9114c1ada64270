import assert from 'node:assert/strict';
import { analytics } from '../../queries/analytics/index.js';
import type { Backend } from '../../server/backend.js';
import { everyDocument } from '../../server/model/every-document.js';
import type { Run } from '../../server/model/run.js';
import { volumeKinds } from '../../server/model/volume.js';
import { finalOf } from '../scenarios/final.js';
import { alertsIn } from '../scenarios/play.js';

/** What a store holds in the end. */
export interface Ending {
  /** Final alerts, without what two runs need not agree on. */
  alerts: unknown[];
  /** The states of all alerts, in order. */
  states: string[];
  /** Records of each analytic and kind: other than in another store where telemetry was lost or stored twice. */
  records: number[];
  /** Ids of runs that stand neither as done nor as failed. */
  open: string[];
  /** Ids of marks that are not at the newest arrival, and how many marks there are. */
  behind: string[];
  marks: number;
}

export async function endingOf({ documents, telemetry }: Backend): Promise<Ending> {
  const [alerts, position, extent] = await Promise.all([alertsIn(documents), telemetry.position(), telemetry.extent()]);
  const volumes = await Promise.all(analytics.map((analytic) => telemetry.volumes(analytic.telemetry, extent!)));
  const runs = await everyDocument<Run>(documents, 'run');
  const marks = await everyDocument<{ position: number }>(documents, 'mark');
  return {
    alerts: finalOf(alerts),
    states: alerts.map(({ scanhound }) => scanhound.state).sort(),
    records: volumes.flatMap((own) => volumeKinds.map((kind) => own[kind].records)),
    open: runs.filter(({ body }) => body.state === 'running').map(({ id }) => id),
    behind: marks.filter(({ body }) => body.position !== position).map(({ id }) => id),
    marks: marks.length,
  };
}

/** No run stands open, and nothing that arrived is left to be hunted. */
export function assertWhole({ open, behind, marks, records }: Ending): void {
  assert.deepEqual({ open, behind }, { open: [], behind: [] });
  assert.ok(marks > 0 && records.some((count) => count > 0));
}
