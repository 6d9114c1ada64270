import type { Measure } from '../../queries/analytic.js';
import { analytics } from '../../queries/analytics/index.js';
import type { EcsDocument } from '../../queries/document.js';
import type { Cast } from './cast.js';
import { type Player, playerOf } from './players.js';
import { quick, type Scenario } from './scenario.js';
import { zeekArp, zeekConn, zeekMdns } from './telemetry/sensors.js';
import { unifiedLogQuestion } from './telemetry/unified-log.js';
import { at, repeat, scattered } from './times.js';

/** Own hosts that nobody in a cast is. */
export const own = (index: number): string => `10.200.0.${index + 1}`;
/** Hosts of others. */
export const foreign = (index: number): string => `198.51.100.${index + 1}`;

/** So many distinct values of one measure, and as few of all others as can be. */
export type Probe = (cast: Cast, count: number, player: Player) => EcsDocument[];

const address = (cast: Cast) => cast.ip(1);

/** One probe a measure, by its name, scope and outcome, in a few seconds: from an address where one can. */
const probes: Readonly<Record<string, Probe>> = {
  'hosts own any': (cast, count) =>
    scattered(count).map((host, i) => zeekConn({ at: at(i), from: address(cast), to: own(host), port: 443 })),
  'ports own any': (cast, count) =>
    scattered(count).map((port, i) => zeekConn({ at: at(i), from: address(cast), to: own(0), port: 8_000 + port })),
  'ports foreign failed': (cast, count) =>
    scattered(count).map((port, i) =>
      zeekConn({ at: at(i), from: address(cast), to: foreign(0), port: 8_000 + port, ended: 'unanswered' }),
    ),
  'sockets own failed': (cast, count) =>
    repeat(count, (i) =>
      zeekConn({ at: at(i), from: address(cast), to: own(i % 5), port: 7_000 + i, ended: 'refused' }),
    ),
  'sockets own any': (cast, count, player) =>
    repeat(count, (i) => player.reach(cast, { at: at(i), to: own(i % 4), port: 7_000 + i })),
  'hosts foreign failed': (cast, count) =>
    repeat(count, (i) => zeekConn({ at: at(i), from: address(cast), to: foreign(i), port: 22, ended: 'unanswered' })),
  'port_run any any': (cast, count) =>
    repeat(count, (i) => zeekConn({ at: at(i), from: address(cast), to: foreign(0), port: 8_000 + i })),
  'address_run own failed': (cast, count) =>
    repeat(count, (i) => zeekConn({ at: at(i), from: address(cast), to: own(i), port: 445, ended: 'unanswered' })),
  'arp link failed': (cast, count) => repeat(count, (i) => zeekArp(at(i), address(cast), cast.ip(100 + i))),
  'services link any': (cast, count) => [
    zeekMdns(at(0), address(cast), '_services._dns-sd._udp.local'),
    ...repeat(count, (i) => zeekMdns(at(i), address(cast), `_type${i}._tcp.local`)),
  ],
  'service_hashes link any': (cast, count) =>
    repeat(count, (i) =>
      unifiedLogQuestion({ at: at(i), machine: cast.machine(), program: 'browser', hash: `hash${i}` }),
    ),
};

const measureOf = ({ name, scope, outcome }: Measure): string => `${name} ${scope} ${outcome}`;

export function probeOf(measure: Measure): Probe {
  const probe = probes[measureOf(measure)];
  if (!probe) throw new TypeError(`No probe of ${measureOf(measure)}`);
  return probe;
}

/** Every measure of every analytic at its threshold, and one below. */
export const thresholds: readonly Scenario[] = analytics.flatMap((analytic) =>
  analytic.measures.flatMap((measure): Scenario[] => {
    const what = measureOf(measure);
    const probe = probeOf(measure);
    const player = playerOf(analytic.id);
    const threshold = analytic.tunables[measure.threshold]!.default as number;
    const events = (count: number) => (cast: Cast) => [
      ...probe(cast, count, player),
      ...(player.holds ? [player.holds(cast, at(0))] : []),
    ];
    return [
      {
        name: `${analytic.id}: ${what}: ${threshold} fire`,
        events: events(threshold),
        found: [{ analytic: analytic.id, measures: quick(what, threshold), severity: 'medium', state: 'active' }],
      },
      { name: `${analytic.id}: ${what}: ${threshold - 1} stay quiet`, events: events(threshold - 1), found: [] },
    ];
  }),
);
