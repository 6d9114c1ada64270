import type { Client } from '@elastic/elasticsearch';
import type { Connection } from './connection.js';
import type { Examined } from './examined.js';
import { type Finding, ok, problem, warning } from './finding.js';

/** Something that a hunt does, done so that it changes nothing. */
interface Trial {
  what: string;
  attempt(client: Client): Promise<{ statusCode: number | null }>;
}

/** What may be missing (404) and what must not happen (409) are no refusals. */
const LET_BE = { ignore: [403, 404, 409], meta: true as const };

/** OpenSearch does not tell all that a user may do: it is tried. */
export async function tryRights({ connection, telemetry, prefix }: Examined): Promise<Finding[]> {
  if (!(await hasSecurity(connection)))
    return [warning('there is no security plugin: whoever reaches the engine may do everything', 'install it')];
  const found: Finding[] = [];
  for (const { what, attempt } of trials(telemetry, prefix)) {
    const { statusCode } = await connection.request(attempt);
    if (statusCode === 403)
      found.push(problem(`the user may not ${what}`, 'give it what mappings/search/roles/opensearch-hunter.json says'));
  }
  return found.length > 0 ? found : [ok('the user may do what hunts need, as far as could be tried')];
}

/** A document that nobody wrote can't be changed: the attempt tells only whether it would be allowed. */
const trials = (telemetry: readonly string[], prefix: string): Trial[] => [
  ...telemetry.map((index) => ({
    what: `search ${index}`,
    attempt: (client: Client) => client.search({ index, size: 0 }, LET_BE),
  })),
  {
    what: `read ${prefix}-mark`,
    attempt: (client) => client.get({ index: `${prefix}-mark`, id: '~doctor' }, LET_BE),
  },
  {
    what: `write ${prefix}-mark`,
    attempt: (client) =>
      client.index(
        { index: `${prefix}-mark`, id: '~doctor', document: {}, require_alias: true, if_seq_no: 0, if_primary_term: 1 },
        LET_BE,
      ),
  },
  {
    what: `refresh ${prefix}-mark`,
    attempt: (client) => client.indices.refresh({ index: `${prefix}-mark` }, LET_BE),
  },
];

async function hasSecurity(connection: Connection): Promise<boolean> {
  const { statusCode } = await connection.request((client) =>
    client.transport.request(
      { method: 'GET', path: '/_plugins/_security/authinfo' },
      { ignore: [400, 404, 405], meta: true },
    ),
  );
  return statusCode === 200;
}
