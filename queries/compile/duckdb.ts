import { type Plan, type PlannedMeasure, type PlannedWindow, windowSecondsOf } from '../plan.js';
import { TRAIT } from './traits.js';

/**
 * Whose contacts are asked for: those of all subjects, or of named ones. Of these few fit into memory and are read
 * once; many are read from the table at every step.
 */
export type Whose = 'all' | 'few' | 'many';

/** What is near hot buckets of windows up to so many seconds is little; a day's is nearly all that anybody did. */
const LISTED_SECONDS = 3_600;

const isNamed = (whose: Whose): boolean => whose !== 'all';

/**
 * An analytic's search for suspects in the embedded store, as one statement with named parameters:
 * $from and $to (event times in ms, inclusive), $history (before $from: since when rounds of polling are looked for),
 * $held (addresses that this analytic's hosts hold), where subjects are named $hashes (`subjectHash` of each, at most
 * some hundred: who shares one is given too), and with OwnNetworks $own_from and $own_to (their bounds as numbers).
 *
 * It gives subject, window and bucket: windows of so many seconds that end in that bucket may fire, no others do. A
 * closed window of W meets at most two W-buckets, so the sum of both counts is never less than the window's own.
 *
 * 1. `hot`: of the two buckets one holds half of the threshold, so buckets with fewer records and no such neighbour are
 *    left out before anything distinct is counted. Subjects are told apart by a hash: two of one hash only keep more.
 * 2. `first`: who reaches a threshold by the distinct counts of what is near hot buckets, polling and all.
 * 3. `rounds`: what they did, without what is surely polling: of busy subjects, pollers and proxies are most. Nobody
 *    else's look-back is read, which holds many times what a short span does. Short windows of one length alone hold the
 *    times of each socket in a list; of all lengths they are too many, and sorted.
 * 4. The distinct counts of these.
 *
 * Shared addresses, user context, the order within runs and the rest of polling only take contacts away: they are left
 * to the window pass.
 */
export function toSuspectsSql(plan: Plan, whose: Whose): string {
  const measures = plan.measures.filter(({ name }) => name in COUNTS || name === 'hosts');
  const windows = windowSecondsOf(measures);
  const [shortest] = windows as [number];
  const seen = [
    `seen AS ${whose === 'few' ? 'MATERIALIZED' : 'NOT MATERIALIZED'} (`,
    '  SELECT subject, subject_hash, is_process, time, destination, port, transport, scope, failed FROM (',
    `    SELECT subject, subject_hash, ${has(TRAIT.process)} AS is_process, time, destination, port, transport,`,
    `      ${hasOwnNetworks(plan) ? `CASE WHEN ${SCOPE} = ${FOREIGN} AND ${IS_OWN} THEN ${TRAIT.own} ELSE ${SCOPE} END` : SCOPE} AS scope,`,
    `      ${has(TRAIT.failed)} AS failed`,
    '    FROM contacts',
    '    WHERE time BETWEEN $history AND $to',
    `      AND ${telemetryCondition(plan)}`,
    // while the table is read: a join would come after reading the texts of all rows
    ...(isNamed(whose) ? ['      AND list_contains($hashes, subject_hash)'] : []),
    '  )',
    `  WHERE ${[...new Set(measures.map(isCounted))].map((condition) => `(${condition})`).join('\n    OR ')}`,
    ')',
  ].join('\n');
  const recent = 'recent AS NOT MATERIALIZED (SELECT * FROM seen WHERE time >= $from)';
  const near = windows.map((seconds) => nearHot(seconds, measures));
  const first = windows.map((seconds) =>
    bucketsSql(`w${seconds}`, `near${seconds}`, `time // ${seconds * 1_000}`, seconds, measures),
  );
  if (plan.polling.rounds < 2) return statement([seen, recent, ...near, ...first], windows);
  const subjects = `first AS MATERIALIZED (${windows.map((seconds) => `SELECT subject FROM w${seconds}`).join(' UNION ')})`;
  return statement(
    [
      seen,
      recent,
      ...near,
      ...first,
      subjects,
      windows.length === 1 && shortest <= LISTED_SECONDS
        ? listedRoundsSql(plan, shortest, `near${shortest}`)
        : sortedRoundsSql(plan, shortest),
      ...windows.map((seconds) =>
        bucketsSql(`r${seconds}`, 'rounds', `minute // ${seconds / shortest}`, seconds, measures),
      ),
    ],
    windows,
    'r',
  );
}

function statement(tables: readonly string[], windows: readonly number[], prefix = 'w'): string {
  const answers = windows.map(
    (seconds) => `SELECT subject, ${seconds} AS window_seconds, bucket FROM ${prefix}${seconds}`,
  );
  return ['WITH', tables.join(',\n'), answers.join('\nUNION ALL\n')].join('\n');
}

/** What lies in buckets of one length with enough records, or beside one. */
function nearHot(seconds: number, measures: readonly PlannedMeasure[]): string {
  const bucket = `time // ${seconds * 1_000}`;
  const enough = [
    ...new Set(
      measures.flatMap((measure) =>
        measure.windows
          .filter((window) => window.seconds === seconds)
          .map(({ threshold }) => `count(*) FILTER (${isCounted(measure)}) >= ${Math.ceil(threshold / 2)}`),
      ),
    ),
  ];
  return [
    `hot${seconds} AS (`,
    `  SELECT DISTINCT subject_hash, bucket + beside AS bucket FROM (SELECT subject_hash, ${bucket} AS bucket FROM recent GROUP BY ALL`,
    `    HAVING ${enough.join('\n      OR ')}), (VALUES (-1), (0), (1)) AS neighbours(beside)`,
    '),',
    `near${seconds} AS (`,
    `  SELECT recent.* FROM recent SEMI JOIN hot${seconds} ON recent.subject_hash = hot${seconds}.subject_hash AND ${bucket} = hot${seconds}.bucket`,
    ')',
  ].join('\n');
}

/**
 * Sockets in stretches of PollingGap, without those that surely poll: with a stretch between each two rounds, all are at
 * least the gap apart, and the oldest is within the look-back. A superset of what the window pass counts.
 */
function sortedRoundsSql({ polling }: Plan, shortestSeconds: number): string {
  const stretch = Math.max(polling.gapMs, 1);
  const minute = shortestSeconds * 1_000;
  // a stretch that lies across the edge of a bucket makes two rows
  const rowsARound = minute % stretch === 0 ? 2 : 4;
  const lookback = Math.floor(polling.lookbackMs / stretch) - 1;
  return [
    'rounds AS MATERIALIZED (',
    '  SELECT subject, is_process, minute, destination, scope, port, transport, failed FROM (',
    `    SELECT *, lag(stretch, ${rowsARound * (polling.rounds - 1)}) OVER (PARTITION BY subject, destination, scope, port, transport ORDER BY stretch, minute) AS oldest`,
    '    FROM (',
    `      SELECT subject, is_process, time // ${minute} AS minute, destination, scope, port, transport,`,
    `        time // ${stretch} AS stretch, bool_or(failed) AS failed`,
    `      FROM seen SEMI JOIN first USING (subject) GROUP BY ALL`,
    '    )',
    '  )',
    `  WHERE minute >= $from // ${minute} AND (oldest IS NULL OR oldest < stretch - ${lookback})`,
    ')',
  ].join('\n');
}

/**
 * The same by a list of each socket's times, cut into pieces that divide both a stretch and a bucket: a third of the time
 * that sorting takes, but all of it in memory. A piece is doubled, and odd where nothing in it failed: what failed is
 * first of its piece.
 */
function listedRoundsSql({ polling }: Plan, shortestSeconds: number, near: string): string {
  const stretch = Math.max(polling.gapMs, 1);
  const minute = shortestSeconds * 1_000;
  const piece = divisor(stretch, minute);
  const pieces = (milliseconds: number) => Math.floor(milliseconds / piece);
  const between = (pieces(stretch) + 1) * (polling.rounds - 1); // contacts so many pieces apart are a stretch apart
  const lookback = pieces(polling.lookbackMs) - 1;
  const socket = 'subject, is_process, destination, scope, port, transport';
  return [
    'rounds AS MATERIALIZED (',
    `  SELECT ${socket}, piece // ${2 * pieces(minute)} AS minute, piece % 2 = 0 AS failed FROM (`,
    `    SELECT ${socket}, unnest(list_filter(pieces, lambda piece, place: place <= ${between}`,
    `      OR pieces[place - ${between}] // 2 < piece // 2 - ${lookback})) AS piece FROM (`,
    `      SELECT ${socket}, list_filter(pieces, lambda piece, place: place = 1 OR pieces[place - 1] // 2 <> piece // 2) AS pieces FROM (`,
    `        SELECT ${socket}, list_sort(list(time // ${piece} * 2 + CASE WHEN failed THEN 0 ELSE 1 END)) AS pieces`,
    `        FROM (FROM ${near} UNION ALL FROM seen WHERE time < $from) SEMI JOIN first USING (subject) GROUP BY ALL`,
    '      )',
    '    )',
    '  )',
    `  WHERE minute >= $from // ${minute}`,
    ')',
  ].join('\n');
}

const divisor = (one: number, other: number): number => (other === 0 ? one : divisor(other, one % other));

/** Whether hosts of the analytic tell of any contact between $from and $to: one row, or none. */
export const toPresenceSql = (plan: Plan): string =>
  `SELECT time FROM contacts WHERE time BETWEEN $from AND $to AND ${hostsCondition(plan)} LIMIT 1`;

/** Only a plan with OwnNetworks takes their bounds: $own_from and $own_to. */
export const hasOwnNetworks = ({ tunables }: Plan): boolean => (tunables.OwnNetworks as readonly string[]).length > 0;

const IS_OWN =
  'EXISTS (SELECT 1 FROM (SELECT unnest($own_from) AS low, unnest($own_to) AS high) WHERE destination_number BETWEEN low AND high)';

/** Records of the analytic: containers; or processes of its platform, and flows of addresses that its hosts hold. */
function telemetryCondition(plan: Plan): string {
  const { process, container, windows, linux, macos } = TRAIT;
  const held = 'source IN (SELECT unnest($held))';
  if (plan.telemetry.container) return `(${hostsCondition(plan)} OR (${are(process, 0)} AND ${held}))`;
  if (!plan.telemetry.unattributed) return `(${hostsCondition(plan)} OR (${are(process | container, 0)} AND ${held}))`;
  const unknown = are(process | container | windows | linux | macos, process);
  return `(${hostsCondition(plan)} OR ${unknown} OR ${are(process | container, 0)})`;
}

/** What the analytic's hosts tell themselves. */
function hostsCondition({ telemetry }: Plan): string {
  const { process, container } = TRAIT;
  if (telemetry.container) return has(container);
  const own = telemetry.platform === undefined ? 0 : TRAIT[telemetry.platform];
  return are(process | container | own, process | own);
}

const has = (trait: number): string => `traits & ${trait} <> 0`;
/** Of these traits a contact has those, and no others. */
const are = (these: number, those: number): string => `traits & ${these} = ${those}`;

/** A contact's scope: one of two traits, or neither. */
const SCOPE = `traits & ${TRAIT.own | TRAIT.self}`;
const FOREIGN = 0;

/** What a measure counts at most in one bucket, over rows of one destination each: no host has more ports than sockets. */
const COUNTS: Readonly<Record<string, (measure: PlannedMeasure) => string>> = {
  ports: (measure) => `max(${failed(measure, 'sockets')}) FILTER (${inScope(measure)})`,
  sockets: (measure) => `sum(${failed(measure, 'sockets')}) FILTER (${inScope(measure)})`,
  port_run: (measure) => `max(${failed(measure, 'sockets')}) FILTER (${inScope(measure)})`,
  address_run: (measure) => `count(*) FILTER (${inScope(measure)} AND ${failed(measure, 'sockets')} > 0)`,
};

const failed = ({ outcome }: PlannedMeasure, column: string): string =>
  outcome === 'failed' ? `failed_${column}` : column;

/** A record that a measure may count, as it stands: few have no port, so that is left to the window pass. */
function isCounted(measure: PlannedMeasure): string {
  const only = { process: 'is_process', address: 'NOT is_process', both: undefined }[measure.subjects];
  return [
    only,
    inScope(measure),
    measure.outcome === 'failed' ? 'failed' : undefined,
    measure.ports && `port IN (${measure.ports.join(', ')})`,
  ]
    .filter((condition) => condition !== undefined)
    .join(' AND ');
}

function inScope({ name, scope }: PlannedMeasure): string {
  if (scope === 'own') return `scope = ${TRAIT.own}`;
  if (scope === 'foreign') return name === 'ports' ? `scope <> ${TRAIT.own}` : `scope = ${FOREIGN}`;
  return `scope <> ${TRAIT.self}`;
}

/** Hosts reached on any port, or on one of a list: the list makes a column of its own. */
function hostsCount(measure: PlannedMeasure, index: number): string {
  const column = measure.ports ? `listed${index}` : failed(measure, 'sockets');
  return `count(*) FILTER (${inScope(measure)} AND ${column} > 0)`;
}

/** Table `name`: subject and bucket of windows of one length that may fire by the distinct counts of a table's rows. */
function bucketsSql(
  name: string,
  table: string,
  bucket: string,
  seconds: number,
  measures: readonly PlannedMeasure[],
): string {
  const used = measures.flatMap((measure, index) => {
    const window = measure.windows.find((one) => one.seconds === seconds);
    return window ? [{ measure, index, window }] : [];
  });
  const listed = used.filter(({ measure }) => measure.ports);
  return [
    `${name} AS (`,
    '  SELECT subject, bucket FROM (',
    '    SELECT subject, is_process, bucket,',
    `      ${used.map(({ measure, index }) => `coalesce(${countOf(measure, index)}, 0) AS m${index}`).join(',\n      ')}`,
    '    FROM (',
    '      SELECT subject, is_process, bucket, destination, scope,',
    `        count(*) AS sockets, count(*) FILTER (failed) AS failed_sockets${listed.map(listedColumn).join('')}`,
    '      FROM (',
    `        SELECT subject, is_process, ${bucket} AS bucket, destination, scope, port, transport, bool_or(failed) AS failed`,
    `        FROM ${table} GROUP BY ALL`,
    '      ) GROUP BY ALL',
    '    ) GROUP BY ALL',
    '  )',
    '  WINDOW pair AS (PARTITION BY subject ORDER BY bucket RANGE BETWEEN 1 PRECEDING AND CURRENT ROW)',
    `  QUALIFY ${used.map(({ measure, index, window }) => fires(measure, index, window)).join('\n    OR ')}`,
    ')',
  ].join('\n');
}

const countOf = (measure: PlannedMeasure, index: number): string =>
  measure.name === 'hosts' ? hostsCount(measure, index) : COUNTS[measure.name]!(measure);

function listedColumn({ measure, index }: { measure: PlannedMeasure; index: number }): string {
  const isFailed = measure.outcome === 'failed' ? 'failed AND ' : '';
  return `,\n    count(*) FILTER (${isFailed}port IN (${measure.ports!.join(', ')})) AS listed${index}`;
}

function fires(measure: PlannedMeasure, index: number, { threshold }: PlannedWindow): string {
  const only = { process: 'is_process AND ', address: 'NOT is_process AND ', both: '' }[measure.subjects];
  return `${only}sum(m${index}) OVER pair >= ${threshold}`;
}

/**
 * Subjects that asked by mDNS, or by ARP, for enough distinct names to fire in any window: the same parameters, but
 * $subjects (keys) for $hashes. Few such records exist, so there are no buckets: every window of the span is left to the
 * window pass.
 */
export function toAskersSql(plan: Plan, whose: Whose): string | undefined {
  const statements = [
    askers(
      plan,
      whose,
      ['services', 'service_hashes'],
      'queries',
      "coalesce(nullif(name, ''), hash)",
      queryCondition(plan),
    ),
    askers(plan, whose, ['arp'], 'arps', 'target', arpCondition(plan)),
  ].filter((statement) => statement !== undefined);
  return statements.length === 0 ? undefined : statements.join('\nUNION\n');
}

function askers(
  plan: Plan,
  whose: Whose,
  names: readonly string[],
  table: string,
  value: string,
  condition: string,
): string | undefined {
  const thresholds = plan.measures
    .filter(({ name }) => names.includes(name))
    .flatMap(({ windows }) => windows.map(({ threshold }) => threshold));
  if (thresholds.length === 0) return undefined;
  return [
    `SELECT subject FROM ${table}`,
    `WHERE time BETWEEN $from AND $to AND ${condition}`,
    ...(isNamed(whose) ? ['  AND subject IN (SELECT unnest($subjects))'] : []),
    `GROUP BY subject HAVING count(DISTINCT ${value}) >= ${Math.min(...thresholds)}`,
  ].join('\n');
}

const queryCondition = ({ telemetry }: Plan): string => (telemetry.serviceQueries ? 'true' : 'false');

const arpCondition = ({ telemetry }: Plan): string =>
  telemetry.unattributed ? 'NOT is_reply' : 'NOT is_reply AND source IN (SELECT unnest($held))';
