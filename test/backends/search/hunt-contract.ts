import assert from 'node:assert/strict';
import type { EcsDocument } from '../../../queries/document.js';
import { AlertQuery, toAlertPage } from '../../../server/api/alert-query.js';
import { readPage } from '../../../server/api/page.js';
import { huntAll } from '../../../server/hunt/run-hunt.js';
import { closeInterruptedRuns } from '../../../server/jobs/run-records.js';
import type { Alert } from '../../../server/model/alert.js';
import type { Documents } from '../../../server/model/ports.js';
import type { Run } from '../../../server/model/run.js';
import { Cast } from '../../scenarios/cast.js';
import { imported, now, requestsWith } from '../../scenarios/play.js';
import { zeekConn } from '../../scenarios/telemetry/sensors.js';
import { sysmonConnection, sysmonStart } from '../../scenarios/telemetry/windows.js';
import { at, DAY, HOUR, repeat } from '../../scenarios/times.js';
import { openInMemory } from '../duckdb/open-in-memory.js';

const cast = new Cast(0);
const machine = cast.machine();
const program = 'C:\\tools\\nmap.exe';

/** A scan seen by the host and, of its machine, by the network; an address that nobody knows; a day later once more. */
const arrivals: readonly (readonly EcsDocument[])[] = [
  [
    sysmonStart({ at: at(0), machine, program, pid: 7, args: '-sT 10.200.0.0/24' }),
    ...repeat(30, (i) => sysmonConnection({ at: at(i), machine, program, pid: 7, to: cast.ip(100 + i), port: 445 })),
    ...repeat(20, (i) => zeekConn({ at: at(i), from: '10.0.0.1', to: `10.200.0.${i}`, port: 22 })),
  ],
  [
    ...repeat(40, (i) => zeekConn({ at: at(i), from: machine.ip, to: cast.ip(100 + i), port: 445 })),
    ...repeat(20, (i) => zeekConn({ at: at(20 + i), from: '10.0.0.1', to: `10.200.0.${20 + i}`, port: 22 })),
    ...repeat(20, (i) => zeekConn({ at: at(DAY + i), from: '10.0.0.1', to: `10.200.0.${i}`, port: 22 })),
  ],
];

const questions: readonly Record<string, unknown>[] = [
  ...['time', 'score', 'hosts', 'sockets', 'written'].flatMap((sort) => [
    { sort, order: 'asc' },
    { sort, order: 'desc' },
  ]),
  { state: ['joined'] },
  { analytic: ['AN1057'] },
  { severity: ['low', 'high'] },
  { shape: ['horizontal'] },
  { host: machine.name },
  { source: '10.0.0.1' },
  { user: 'ann' },
  { process: 'nmap.exe' },
  { executable: program },
  { min_score: 30 },
  { from: new Date(at(HOUR)).toISOString() },
  { to: new Date(at(HOUR)).toISOString() },
];

/** Hunts that write to these documents and to embedded ones, and all that the API asks, give the same. */
export async function huntsAsEmbedded(documents: Documents): Promise<void> {
  const embedded = await openInMemory(now);
  try {
    for (const [batch, arrived] of arrivals.entries()) {
      await embedded.events.append({ key: `batch ${batch}`, events: imported(arrived) });
      for (const store of [embedded.documents, documents])
        await huntAll(requestsWith(), { telemetry: embedded.telemetry, documents: store, now });
    }
    for (const question of questions) {
      const found = await listed(documents, question);
      assert.ok(found.length > 0, JSON.stringify(question));
      assert.deepEqual(found, await listed(embedded.documents, question));
    }
    await documents.create<Partial<Run>>('run', 'cut', { state: 'running' });
    await closeInterruptedRuns(documents, now());
    assert.equal((await documents.get<Run>('run', 'cut'))?.body.state, 'failed');
  } finally {
    await embedded.close();
  }
}

/** All pages of two. */
async function listed(documents: Documents, question: Record<string, unknown>) {
  const alerts: { id: string; alert: Alert }[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await readPage<Alert>(
      documents,
      'alert',
      toAlertPage(AlertQuery.parse({ ...question, limit: 2, cursor })),
    );
    alerts.push(...page.documents.map(({ id, body }) => ({ id, alert: body })));
    if (page.cursor === null) return alerts;
    cursor = page.cursor;
  }
}
