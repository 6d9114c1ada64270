import type { AnalyticId } from '../../queries/analytic.js';
import { analytics } from '../../queries/analytics/index.js';
import type { EcsDocument } from '../../queries/document.js';
import type { Cast } from './cast.js';
import { type Player, playerOf } from './players.js';
import type { Expected, Scenario } from './scenario.js';
import { zeekConn, zeekMdns } from './telemetry/sensors.js';
import { foreign, own, probeOf } from './thresholds.js';
import { at, MINUTE, repeat, scattered } from './times.js';

/** One tunable of one analytic: what is found as it stands, and with another value. */
export interface Tuning {
  analytic: AnalyticId;
  tunable: string;
  value: unknown;
  events: Scenario['events'];
  byDefault: Outcome;
  changed: Outcome;
}

type Outcome = Pick<Scenario, 'found' | 'silenced'>;
type Kind = Pick<Tuning, 'tunable' | 'value'> & {
  events: (cast: Cast, player: Player) => EcsDocument[];
  byDefault: (player: Player) => Outcome;
  changed: (player: Player) => Outcome;
};

const quiet = (): Outcome => ({ found: [] });
const found =
  (more: Partial<Expected> = {}) =>
  ({ analytic }: Player): Outcome => ({ found: [{ analytic, ...more }] });
const silencedBy = (list: string) => (): Outcome => ({ found: [], silenced: [list] });

/** Sixteen own hosts that a sensor sees reached, in these seconds. */
const swept = (cast: Cast, seconds: number): EcsDocument[] =>
  scattered(16).map((host, i) =>
    zeekConn({ at: at(0, (seconds * 1_000 * i) / 15), from: cast.ip(1), to: own(host), port: 443 }),
  );

/** Sixteen own hosts by one program. */
const reached = (cast: Cast, player: Player, host = own): EcsDocument[] =>
  scattered(16).map((index, i) => player.reach(cast, { at: at(i), to: host(index), port: 443 }));

/** Eight hosts polled in two rounds, a minute apart, then met again with eight others fifty minutes later. */
const polled = (cast: Cast): EcsDocument[] =>
  [
    [0, 8],
    [MINUTE, 8],
    [50 * MINUTE, 16],
  ].flatMap(([seconds, hosts]) =>
    repeat(hosts!, (i) => zeekConn({ at: at(seconds!, i), from: cast.ip(1), to: own(i), port: 443 })),
  );

const daemon = { 'user.audit.id': 'unset', 'user.name': 'HOST$' };

/** Every tunable that is no threshold of a measure. */
const kinds: readonly Kind[] = [
  { tunable: 'TimeWindow', value: 66, events: (cast) => swept(cast, 660), byDefault: quiet, changed: found() },
  ...Object.entries({ PollingRounds: 0, PollingGap: 61, PollingLookback: 49 * MINUTE }).map(
    ([tunable, value]): Kind => ({ tunable, value, events: polled, byDefault: quiet, changed: found() }),
  ),
  {
    tunable: 'OwnNetworks',
    value: ['198.51.100.0/24'],
    events: (cast) => repeat(16, (i) => zeekConn({ at: at(i), from: cast.ip(1), to: foreign(i), port: 443 })),
    byDefault: quiet,
    changed: found({ shape: 'horizontal' }),
  },
  {
    tunable: 'RemoteAccessPorts',
    value: [8_443],
    events: (cast) =>
      repeat(10, (i) => zeekConn({ at: at(i), from: cast.ip(1), to: foreign(i), port: 8_443, ended: 'unanswered' })),
    byDefault: quiet,
    changed: found(),
  },
  {
    tunable: 'SharedAddresses',
    value: ['10.16.0.0/12'],
    events: (cast) => swept(cast, 15),
    byDefault: found(),
    changed: quiet,
  },
  {
    tunable: 'ExpectedScanSources',
    value: ['10.16.0.0/12'],
    events: (cast) => swept(cast, 15),
    byDefault: found(),
    changed: silencedBy('ExpectedScanSources'),
  },
  {
    tunable: 'KnownScannerExeList',
    value: ['tool.exe', '/usr/local/bin/*'],
    events: reached,
    byDefault: found({ severity: 'medium' }),
    changed: silencedBy('KnownScannerExeList'),
  },
  {
    tunable: 'ScanToolList',
    value: ['TOOL'],
    events: (cast, player) => [player.start(cast, { at: at(0) })],
    byDefault: quiet,
    changed: found({ severity: 'low', shape: 'launch' }),
  },
  {
    tunable: 'ToolPatternRegex',
    value: [String.raw`\s--probe=\d+`],
    events: (cast, player) => [player.start(cast, { at: at(0), args: 'x --probe=22 y' })],
    byDefault: quiet,
    changed: found({ severity: 'low', shape: 'launch' }),
  },
  {
    tunable: 'ExecutablePath',
    value: ['**/System32/TOOL.exe', '/usr/local/**'],
    events: (cast, player) => [player.start(cast, { at: at(0) })],
    byDefault: quiet,
    changed: found({ severity: 'low', shape: 'launch' }),
  },
  {
    tunable: 'UserContext',
    value: 'interactive',
    events: (cast, player) => reached(cast, player).map((document) => ({ ...document, ...daemon })),
    byDefault: found({ severity: 'medium' }),
    changed: quiet,
  },
  {
    tunable: 'MDNSServiceQueryPatterns',
    value: ['^vendor-'],
    events: (cast) => [
      zeekMdns(at(0), cast.ip(1), '_services._dns-sd._udp.local'),
      ...repeat(5, (i) => zeekMdns(at(i), cast.ip(1), `Vendor-${i}.local`)),
    ],
    byDefault: quiet,
    changed: found({ shape: 'service enumeration' }),
  },
  {
    tunable: 'PodNetworks',
    value: ['10.200.0.0/16'],
    events: reached,
    byDefault: found({ points: { place: -10 } }),
    changed: found({ points: { place: 8 } }),
  },
];

/** One below a threshold's default: quiet as it stands, found with a threshold of that. */
const thresholdTunings: readonly Tuning[] = analytics.flatMap(({ id, measures, tunables }) =>
  measures.map((measure): Tuning => {
    const probe = probeOf(measure);
    const player = playerOf(id);
    const value = (tunables[measure.threshold]!.default as number) - 1;
    return {
      analytic: id,
      tunable: measure.threshold,
      value,
      events: (cast) => withHolder(cast, player, probe(cast, value, player)),
      byDefault: quiet(),
      changed: found({ severity: 'medium' })(player),
    };
  }),
);

const withHolder = (cast: Cast, player: Player, documents: EcsDocument[]): EcsDocument[] =>
  player.holds ? [...documents, player.holds(cast, at(0))] : documents;

const otherTunings: readonly Tuning[] = analytics.flatMap(({ id, tunables }) =>
  kinds
    .filter(({ tunable }) => Object.hasOwn(tunables, tunable))
    .map(({ tunable, value, events, byDefault, changed }) => {
      const player = playerOf(id);
      return {
        analytic: id,
        tunable,
        value,
        events: (cast) => withHolder(cast, player, events(cast, player)),
        byDefault: byDefault(player),
        changed: changed(player),
      };
    }),
);

export const tunings: readonly Tuning[] = [...thresholdTunings, ...otherTunings];

/** Each tuning twice: as the tunables stand, and with the one changed, among others perhaps. */
const tunedBy = (settingsOf: (tuning: Tuning) => Record<string, unknown>): readonly Scenario[] =>
  tunings.flatMap((tuning): Scenario[] => {
    const { analytic, tunable, value, events, byDefault, changed } = tuning;
    return [
      { name: `${analytic}.${tunable} by default`, events, ...byDefault },
      {
        name: `${analytic}.${tunable} = ${JSON.stringify(value)}`,
        settings: settingsOf(tuning),
        events,
        ...changed,
      },
    ];
  });

export const tunedScenarios = tunedBy(({ tunable, value }) => ({ [tunable]: value }));

/** Tunables of which none changes what the scenarios of the others find. */
const APART: readonly (readonly string[])[] = [
  thresholdTunings.map(({ tunable }) => tunable),
  ['TimeWindow', 'PollingGap', 'PollingLookback', 'OwnNetworks', 'RemoteAccessPorts', 'MDNSServiceQueryPatterns'],
  ['ScanToolList', 'ToolPatternRegex', 'ExecutablePath', 'SharedAddresses', 'PodNetworks'],
  ['KnownScannerExeList', 'ExpectedScanSources'],
];

/** The same, hunted with those changed at once: few hunts. */
export const tunedTogether = tunedBy(({ tunable, value }) => {
  const group = APART.find((names) => names.includes(tunable)) ?? [];
  const others = tunings.filter((tuning) => group.includes(tuning.tunable));
  return Object.fromEntries([...others, { tunable, value }].map((one) => [one.tunable, one.value]));
});
