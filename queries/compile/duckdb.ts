import { type Plan, type PlannedMeasure, type PlannedWindow, windowSecondsOf } from '../plan.js';

/**
 * An analytic's search for suspects in the embedded store, as one statement with named parameters:
 * $from and $to (event times in ms, inclusive), $held (addresses that this analytic's hosts hold), $subjects (only
 * these, or null), and with OwnNetworks $own_from and $own_to (their bounds as numbers).
 *
 * It gives subject, window and bucket: windows of so many seconds that end in that bucket may fire, no others do. A
 * closed window of W meets at most two W-buckets, so the sum of both counts is never less than the window's own.
 * Polling, shared addresses, user context and the order within runs only take contacts away: left to the window pass.
 */
export function toSuspectsSql(plan: Plan): string {
  const measures = plan.measures.filter(({ name }) => name in COUNTS || name === 'hosts');
  const windows = windowSecondsOf(measures);
  const least = Math.min(...measures.flatMap((measure) => measure.windows.map(({ threshold }) => threshold)));
  return [
    'WITH seen AS (',
    '  SELECT subject, is_process, time, destination, port, transport,',
    `    ${hasOwnNetworks(plan) ? `CASE WHEN scope = 'foreign' AND ${IS_OWN} THEN 'own' ELSE scope END AS scope` : 'scope'},`,
    "    outcome IN ('refused', 'unanswered') AS failed",
    '  FROM contacts',
    '  WHERE time BETWEEN $from AND $to',
    `    AND ${telemetryCondition(plan)}`,
    '    AND ($subjects IS NULL OR subject IN (SELECT unnest($subjects)))',
    '),',
    `busy AS (SELECT subject FROM seen GROUP BY subject HAVING count(*) >= ${least}),`,
    'sockets AS (SELECT subject FROM seen SEMI JOIN busy USING (subject) GROUP BY subject, destination, port, transport),',
    `candidates AS (SELECT subject FROM sockets GROUP BY subject HAVING count(*) >= ${least}),`,
    'kept AS MATERIALIZED (SELECT * FROM seen SEMI JOIN candidates USING (subject)),',
    windows.map((seconds) => bucketsSql(seconds, measures)).join(',\n'),
    windows
      .map((seconds) => `SELECT subject, ${seconds} AS window_seconds, bucket FROM w${seconds}`)
      .join('\nUNION ALL\n'),
  ].join('\n');
}

/** Only a plan with OwnNetworks takes their bounds: $own_from and $own_to. */
export const hasOwnNetworks = ({ tunables }: Plan): boolean => (tunables.OwnNetworks as readonly string[]).length > 0;

const IS_OWN =
  'EXISTS (SELECT 1 FROM (SELECT unnest($own_from) AS low, unnest($own_to) AS high) WHERE destination_number BETWEEN low AND high)';

/** Records of the analytic: containers; or processes of its platform, and flows of addresses that its hosts hold. */
function telemetryCondition({ telemetry }: Plan): string {
  const held = 'NOT is_process AND source IN (SELECT unnest($held))';
  if (telemetry.container) return `(container <> '' OR (${held}))`;
  const platform = telemetry.unattributed
    ? `(platform = '${telemetry.platform}' OR platform IS NULL)`
    : `platform = '${telemetry.platform}'`;
  const flows = telemetry.unattributed ? 'NOT is_process' : held;
  return `(container = '' AND ((is_process AND ${platform}) OR (${flows})))`;
}

/** What a measure counts at most in one bucket, over the rows of `hosts` (one a destination). */
const COUNTS: Readonly<Record<string, (measure: PlannedMeasure) => string>> = {
  ports: (measure) => `max(${failed(measure, 'ports')}) FILTER (${inScope(measure)})`,
  sockets: (measure) => `sum(${failed(measure, 'sockets')}) FILTER (${inScope(measure)})`,
  port_run: (measure) => `max(${failed(measure, 'ports')}) FILTER (${inScope(measure)})`,
  address_run: (measure) => `count(*) FILTER (${inScope(measure)} AND ${failed(measure, 'sockets')} > 0)`,
};

const failed = ({ outcome }: PlannedMeasure, column: string): string =>
  outcome === 'failed' ? `failed_${column}` : column;

function inScope({ name, scope }: PlannedMeasure): string {
  if (scope === 'own') return "scope = 'own'";
  if (scope === 'foreign') return name === 'ports' ? "scope <> 'own'" : "scope = 'foreign'";
  return "scope <> 'self'";
}

/** Hosts reached on any port, or on one of a list: the list makes a column of its own. */
function hostsCount(measure: PlannedMeasure, index: number): string {
  const column = measure.ports ? `listed${index}` : failed(measure, 'sockets');
  return `count(*) FILTER (${inScope(measure)} AND ${column} > 0)`;
}

function bucketsSql(seconds: number, measures: readonly PlannedMeasure[]): string {
  const used = measures.flatMap((measure, index) => {
    const window = measure.windows.find((one) => one.seconds === seconds);
    return window ? [{ measure, index, window }] : [];
  });
  const listed = used.filter(({ measure }) => measure.ports);
  return [
    `d${seconds} AS (`,
    `  SELECT subject, is_process, time // ${seconds * 1_000} AS bucket, destination, scope, port, transport, bool_or(failed) AS failed`,
    '  FROM kept GROUP BY ALL',
    '),',
    `h${seconds} AS (`,
    '  SELECT subject, is_process, bucket, destination, scope,',
    '    count(DISTINCT port) AS ports, count(DISTINCT port) FILTER (failed) AS failed_ports,',
    `    count(*) AS sockets, count(*) FILTER (failed) AS failed_sockets${listed.map(listedColumn).join('')}`,
    `  FROM d${seconds} GROUP BY ALL`,
    '),',
    `b${seconds} AS (`,
    '  SELECT subject, is_process, bucket,',
    `    ${used.map(({ measure, index }) => `coalesce(${countOf(measure, index)}, 0) AS m${index}`).join(',\n    ')}`,
    `  FROM h${seconds} GROUP BY ALL`,
    '),',
    `w${seconds} AS (`,
    `  SELECT subject, bucket FROM b${seconds}`,
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
 * Subjects that asked by mDNS, or by ARP, for enough distinct names to fire in any window: the same parameters. Few
 * such records exist, so there are no buckets: every window of the span is left to the window pass.
 */
export function toAskersSql(plan: Plan): string | undefined {
  const statements = [
    askers(plan, ['services', 'service_hashes'], 'queries', "coalesce(nullif(name, ''), hash)", queryCondition(plan)),
    askers(plan, ['arp'], 'arps', 'target', arpCondition(plan)),
  ].filter((statement) => statement !== undefined);
  return statements.length === 0 ? undefined : statements.join('\nUNION\n');
}

function askers(
  plan: Plan,
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
    '  AND ($subjects IS NULL OR subject IN (SELECT unnest($subjects)))',
    `GROUP BY subject HAVING count(DISTINCT ${value}) >= ${Math.min(...thresholds)}`,
  ].join('\n');
}

const queryCondition = ({ telemetry }: Plan): string => (telemetry.serviceQueries ? 'true' : 'false');

const arpCondition = ({ telemetry }: Plan): string =>
  telemetry.unattributed ? 'NOT is_reply' : 'NOT is_reply AND source IN (SELECT unnest($held))';
