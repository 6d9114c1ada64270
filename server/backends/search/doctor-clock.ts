import type { Examined } from './examined.js';
import { type Finding, ok, warning } from './finding.js';

const MOST_MS = 5_000;

/** How far the engine's clock, which stamps arrivals, is from ours. */
export async function examineClock({ connection, now }: Examined): Promise<Finding[]> {
  const before = now();
  const { nodes = {} } = await connection.request((client) =>
    client.transport.request<{ nodes?: Record<string, { timestamp?: number }> }>(
      { method: 'GET', path: '/_nodes/stats/os', querystring: { filter_path: 'nodes.*.timestamp' } },
      { ignore: [403] },
    ),
  );
  const times = Object.values(nodes).flatMap(({ timestamp }) => timestamp ?? []);
  return [judgeClock(times, before, now())];
}

/** @param times of the engine's nodes, told between `before` and `after` by our clock; all in epoch milliseconds */
export function judgeClock(times: readonly number[], before: number, after: number): Finding {
  if (times.length === 0) return warning("the engine's clock can't be read", 'allow the cluster privilege monitor');
  const differences = times.map((time) => (time < before ? time - before : Math.max(0, time - after)));
  const worst = differences.reduce((most, one) => (Math.abs(one) > Math.abs(most) ? one : most));
  if (Math.abs(worst) <= MOST_MS) return ok("the engine's clock and ours agree");
  const seconds = Math.round(Math.abs(worst) / 1_000).toLocaleString('en-US');
  return warning(
    `the engine's clock is ${seconds} seconds ${worst > 0 ? 'ahead of' : 'behind'} ours: hunts take arrivals late or early`,
    'set both by NTP',
  );
}
