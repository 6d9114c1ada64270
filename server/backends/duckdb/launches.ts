import type { TelemetryScope } from '../../../queries/analytic.js';
import type { Platform } from '../../../queries/integration.js';
import type { Plan } from '../../../queries/plan.js';
import type { UserContext } from '../../model/observation.js';
import type { Launch, Program, Span } from '../../model/ports.js';
import {
  type DuckDBValue,
  type Parameters,
  type Store,
  texts,
  timed,
  toNumberOrNull,
  toText,
  toTextOrNull,
} from './store.js';
import { type Columns, streamColumns } from './stream-columns.js';

const PROGRAM_COLUMNS = ['executable', 'name', 'original_name', 'arguments'] as const;

export const LAUNCH_COLUMNS = `number::DOUBLE AS number, time::DOUBLE AS time, subject, host, host_name, platform, container, process,
  parent, pid, parent_pid, executable, name, original_name, arguments, parent_executable, parent_arguments, "user", context, hash`;

/** Records of programs on the hosts of a scope. */
export const ofHosts = ({ container, platform, unattributed }: TelemetryScope): string =>
  container
    ? "container <> ''"
    : `container = '' AND (platform = '${platform}'${unattributed ? ' OR platform IS NULL' : ''})`;

/** Launches of the plan's hosts in the span, of any or these subjects, whose program is wanted: pages in time order. */
export async function* wantedLaunches(
  store: Store,
  plan: Plan,
  span: Span,
  isWanted: (program: Program) => boolean,
  subjects: readonly string[] | undefined,
): AsyncIterable<Launch[]> {
  const condition = ofHosts(plan.telemetry);
  const named = subjects === undefined ? '' : ' AND subject IN (SELECT unnest($subjects))';
  const where = `WHERE time BETWEEN $from AND $to AND ${condition}${named}`;
  const parameters = {
    from: BigInt(span.from),
    to: BigInt(span.to),
    ...(subjects && { subjects: texts(subjects) }),
  };
  const programs = await wantedPrograms(store, where, parameters, isWanted);
  if (programs.length === 0) return;
  const pages = streamColumns(
    store,
    {
      tables: `wanted AS (SELECT ${PROGRAM_COLUMNS.map((column) => `unnest($${column}) AS ${column}`).join(', ')})`,
      select: `SELECT ${LAUNCH_COLUMNS} FROM (SELECT * FROM launches ${where}) AS launches SEMI JOIN wanted
          ON ${PROGRAM_COLUMNS.map((column) => `launches.${column} IS NOT DISTINCT FROM wanted.${column}`).join(' AND ')}`,
      order: 'time, number',
    },
    {
      ...parameters,
      executable: texts(programs.map(({ executable }) => executable)),
      name: texts(programs.map(({ name }) => name)),
      original_name: texts(programs.map(({ originalName }) => originalName)),
      arguments: texts(programs.map((program) => program.arguments)),
    },
  );
  for await (const columns of pages) yield launchesIn(columns);
}

/** Few programs make most of the launches: each is judged once. */
async function wantedPrograms(
  store: Store,
  where: string,
  parameters: Parameters,
  isWanted: (program: Program) => boolean,
): Promise<Program[]> {
  const columns = PROGRAM_COLUMNS.join(', ');
  const pages = streamColumns(
    store,
    {
      select: `SELECT min(number)::DOUBLE AS number, ${columns} FROM launches ${where} GROUP BY ${columns}`,
      order: 'number',
    },
    parameters,
  );
  const programs: Program[] = [];
  for await (const { executable, name, original_name: originalName, arguments: args } of pages)
    for (let row = 0; row < executable!.length; row++) {
      const program = {
        executable: toTextOrNull(executable![row]),
        name: toTextOrNull(name![row]),
        originalName: toTextOrNull(originalName![row]),
        arguments: toTextOrNull(args![row]),
      };
      if (isWanted(program)) programs.push(program);
    }
  return programs;
}

const launchesIn = (columns: Columns): Launch[] =>
  columns.subject!.map((_, row) =>
    toLaunch(Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values[row]!]))),
  );

export const toLaunch = (row: Record<string, DuckDBValue>): Launch => ({
  ...timed(row),
  subject: toText(row.subject),
  host: toText(row.host),
  hostName: toTextOrNull(row.host_name),
  platform: toTextOrNull(row.platform) as Platform | null,
  container: toText(row.container),
  process: toTextOrNull(row.process),
  parent: toTextOrNull(row.parent),
  pid: toNumberOrNull(row.pid),
  parentPid: toNumberOrNull(row.parent_pid),
  executable: toTextOrNull(row.executable),
  name: toTextOrNull(row.name),
  originalName: toTextOrNull(row.original_name),
  arguments: toTextOrNull(row.arguments),
  parentExecutable: toTextOrNull(row.parent_executable),
  parentArguments: toTextOrNull(row.parent_arguments),
  user: toTextOrNull(row.user),
  context: toTextOrNull(row.context) as UserContext | null,
  hash: toTextOrNull(row.hash),
});
