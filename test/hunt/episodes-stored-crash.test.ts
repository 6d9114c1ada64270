import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EcsDocument } from '../../queries/document.js';
import type { Documents } from '../../server/model/ports.js';
import { Cast } from '../scenarios/cast.js';
import { finalOf } from '../scenarios/final.js';
import { zeekConn } from '../scenarios/telemetry/sensors.js';
import { securityConnection } from '../scenarios/telemetry/windows.js';
import { at, MINUTE, repeat } from '../scenarios/times.js';
import { onSite, type StoredSite } from './stored-site.js';

const cast = new Cast(0);
const settings = { TimeWindow: 1 };

const burst = (seconds: number, network: number, stepMs = 6): EcsDocument[] =>
  repeat(16, (i) =>
    zeekConn({ at: at(seconds, i * stepMs), from: cast.machine().ip, to: `10.200.${network}.${i + 1}`, port: 443 }),
  );
const ofProcess = repeat(16, (i) =>
  securityConnection({
    ...{ at: at(0, i * 6), machine: cast.machine(), program: 'C:\\t.exe', to: `10.200.1.${i + 1}`, port: 443 },
  }),
);

/** Two alerts of an address and one of a process; then late data joins, withdraws and splits. */
const first = [...burst(0, 1), ...burst(28 * MINUTE, 3), ...burst(90 * MINUTE, 5), ...ofProcess];
const second = [
  ...burst(14 * MINUTE, 2), // joins the first two
  ...burst(50 * MINUTE, 5, 3_000), // rounds before the third, too slow to fire
  ...burst(55 * MINUTE, 5, 3_000),
];

class Crash extends Error {}

/** Documents of which the write after `writes` others fails, as if the machine went down before it. */
function failing(documents: Documents, writes: number): Documents {
  let left = writes;
  const crash = () => {
    if (left-- === 0) throw new Crash();
  };
  return {
    get: (kind, id) => documents.get(kind, id),
    query: (kind, query) => documents.query(kind, query),
    create: async (kind, id, body) => {
      crash();
      return documents.create(kind, id, body);
    },
    update: async (kind, id, body, version) => {
      crash();
      return documents.update(kind, id, body, version);
    },
  };
}

/** Everything arrives, and the second hunt is cut short before one of its writes, then run again. False: it had fewer. */
async function crashed(site: StoredSite, writes: number): Promise<boolean> {
  await site.arrive(first);
  await site.store(second);
  const whole = site.documents;
  site.documents = failing(whole, writes);
  try {
    await site.hunt();
    return false;
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
    site.documents = whole;
    await site.hunt();
    return true;
  }
}

test('a hunt cut short before any of its writes, and run again, ends in the same alerts', async () => {
  let expected: unknown;
  let states: string[] = [];
  await onSite(settings, async (site) => {
    await site.arrive(first);
    await site.arrive(second);
    const alerts = await site.alerts();
    expected = finalOf(alerts);
    states = alerts.map(({ scanhound }) => scanhound.state).sort();
  });
  assert.deepEqual(states, ['active', 'joined', 'merged', 'withdrawn']);
  let cuts = 0;
  for (let more = true; more; ) {
    await onSite(settings, async (site) => {
      more = await crashed(site, cuts);
      if (!more) return;
      const alerts = await site.alerts();
      assert.deepEqual(finalOf(alerts), expected, `before write ${cuts}`);
      assert.deepEqual(alerts.map(({ scanhound }) => scanhound.state).sort(), states, `before write ${cuts}`);
      cuts++;
    });
  }
  assert.ok(cuts > 8, `${cuts} writes`);
});
