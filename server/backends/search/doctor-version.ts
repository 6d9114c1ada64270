import type { Connection } from './connection.js';
import type { Examined } from './examined.js';
import { type Finding, ok, problem, warning } from './finding.js';

const NAMES = { elasticsearch: 'Elasticsearch', opensearch: 'OpenSearch' } as const;

/** Major versions on which hunts are proven. */
const PROVEN: Readonly<Record<Examined['engine'], readonly number[]>> = { elasticsearch: [8, 9], opensearch: [2, 3] };

const LOCAL = /^(localhost|127\.[\d.]+|\[::1\])$/;

/** Whether it lets us in, by which way, and which version answers. */
export async function examineVersion({ connection, engine, url }: Examined): Promise<Finding[]> {
  const { version, distribution } = await readVersion(connection, engine);
  const { protocol, origin, hostname } = new URL(url);
  const isSecure = protocol === 'https:';
  const found = [ok(`${NAMES[engine]} at ${origin} lets us in${isSecure ? ', over TLS' : ''}`)];
  if (!isSecure && !LOCAL.test(hostname))
    found.push(
      warning('the connection is not encrypted: whoever listens reads the credentials', 'use an https address'),
    );
  return [...found, judgeVersion(engine, version, distribution)];
}

/** @param distribution what calls itself otherwise than Elasticsearch says how */
export function judgeVersion(
  engine: Examined['engine'],
  version: string | undefined,
  distribution: string | undefined,
): Finding {
  const wants = PROVEN[engine];
  const proven = `${NAMES[engine]} ${wants.join('.x or ')}.x`;
  if (version === undefined) return warning("its version can't be read", 'allow the cluster privilege monitor');
  if ((distribution === 'opensearch') !== (engine === 'opensearch'))
    return problem(
      `what answers is ${distribution ?? 'Elasticsearch'} ${version}, not ${NAMES[engine]}`,
      engine === 'opensearch' ? 'name it by ELASTICSEARCH_URL' : 'name it by OPENSEARCH_URL',
    );
  const major = Number.parseInt(version, 10);
  if (wants.includes(major)) return ok(`${NAMES[engine]} ${version}`);
  return major > Math.max(...wants)
    ? warning(`${NAMES[engine]} ${version} is newer than what hunts are proven on`, `use ${proven}`)
    : problem(`${NAMES[engine]} ${version} is not one that can be hunted`, `use ${proven}`);
}

interface Told {
  version?: string | undefined;
  distribution?: string | undefined;
}

/**
 * Elasticsearch's minimal distribution has nothing at its root: its nodes tell, of which the oldest counts. Where the
 * root may not be asked, it is taken for what it is named as.
 */
async function readVersion(connection: Connection, engine: Examined['engine']): Promise<Told> {
  const { statusCode, body } = await connection.request((client) =>
    client.transport.request<{ version?: { number?: string; distribution?: string } }>(
      { method: 'GET', path: '/' },
      { ignore: [403, 405], meta: true },
    ),
  );
  if (body.version?.number !== undefined)
    return { version: body.version.number, distribution: body.version.distribution };
  const { nodes = {} } = await connection.request((client) =>
    client.transport.request<{ nodes?: Record<string, { version: string }> }>(
      { method: 'GET', path: '/_nodes', querystring: { filter_path: 'nodes.*.version' } },
      { ignore: [403] },
    ),
  );
  const versions = Object.values(nodes).map(({ version }) => version);
  return {
    version: versions.sort((one, other) => Number.parseInt(one, 10) - Number.parseInt(other, 10))[0],
    distribution: statusCode === 403 && engine === 'opensearch' ? 'opensearch' : undefined,
  };
}
