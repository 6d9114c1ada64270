import { randomUUID } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { writeAccess } from './access.js';
import { certificates } from './certificates.js';
import { secureElasticsearch } from './elasticsearch-security.js';
import { clusterNameOf, type Engine } from './engine.js';
import { runFolder } from './folder.js';
import { SECURITY_PLUGIN, secureOpenSearch } from './opensearch-security.js';

/** How one process of an engine is started. Its command line names the engines' folder, by which it is known again. */
export interface Command {
  program: string;
  given: string[];
  environment: Record<string, string>;
}

/** Folders of what Maven fetched. */
export interface Programs {
  engine: string;
  /** An Elasticsearch, whose tools make certificates; absent: security is off. */
  certifier?: string;
  /** OpenSearch's security. */
  plugin?: string;
}

const HEAP = ['-Xms512m', '-Xmx512m'];
/** From the HTTP port to that of the traffic between nodes. */
const TRANSPORT = 200;

/** Writes an engine's configuration and says how its processes are started. */
export const prepare = (engine: Engine, programs: Programs, java: string): Command[] =>
  engine.kind === 'opensearch'
    ? [prepareOpenSearch(engine, programs, java)]
    : engine.ports.map((port) => prepareElasticsearch(engine, port, programs, java));

const homeOf = (program: string): string =>
  path.join(program, readdirSync(program).find((entry) => entry.startsWith('elasticsearch-'))!);

/** Certificates, and a new password, which are noted for whoever wants in. */
function makeAccess({ name }: Engine, certifier: string, java: string) {
  const made = certificates(homeOf(certifier), java);
  const password = randomUUID();
  writeAccess(name, { ca: made.ca, password });
  return { certificates: made, password };
}

function prepareElasticsearch(engine: Engine, port: number, programs: Programs, java: string): Command {
  const home = homeOf(programs.engine);
  const node = path.join(runFolder(engine.name), `node-${port}`);
  const configuration = path.join(node, 'config');
  for (const folder of ['data', 'logs', 'tmp']) mkdirSync(path.join(node, folder), { recursive: true });
  cpSync(path.join(home, 'config'), configuration, { recursive: true });
  const names = engine.ports.map((other) => `node-${other}`);
  const discovery =
    names.length === 1
      ? ['discovery.type: single-node']
      : [
          `cluster.initial_master_nodes: ${JSON.stringify(names)}`,
          `discovery.seed_hosts: ${JSON.stringify(engine.ports.map((other) => `127.0.0.1:${other + TRANSPORT}`))}`,
        ];
  const access = programs.certifier && makeAccess(engine, programs.certifier, java);
  const security = access
    ? secureElasticsearch({ home, configuration, java, ...access })
    : ['xpack.security.enabled: false'];
  const settings = [
    `cluster.name: ${clusterNameOf(engine)}`,
    `node.name: node-${port}`,
    `path.data: ${path.join(node, 'data')}`,
    `path.logs: ${path.join(node, 'logs')}`,
    'network.host: 127.0.0.1',
    `http.port: ${port}`,
    `transport.port: ${port + TRANSPORT}`,
    ...discovery,
    ...security,
    'cluster.routing.allocation.disk.threshold_enabled: false',
  ];
  writeFileSync(path.join(configuration, 'elasticsearch.yml'), `${settings.join('\n')}\n`);
  return {
    program: path.join(home, 'bin/elasticsearch'),
    given: [],
    environment: {
      ES_JAVA_HOME: java,
      ES_JAVA_OPTS: HEAP.join(' '),
      ES_PATH_CONF: configuration,
      ES_TMPDIR: path.join(node, 'tmp'),
    },
  };
}

function prepareOpenSearch(engine: Engine, { engine: program, certifier, plugin }: Programs, java: string): Command {
  const base = path.join(runFolder(engine.name), 'opensearch');
  const configuration = path.join(base, 'node_1/config');
  mkdirSync(configuration, { recursive: true });
  const classes = [program, plugin]
    .filter((folder) => folder !== undefined)
    .map((folder) => path.join(folder, '*'))
    .join(path.delimiter);
  const settings = ['network.host: 127.0.0.1', 'cluster.routing.allocation.disk.threshold_enabled: false'];
  if (certifier !== undefined && plugin !== undefined) {
    const access = makeAccess(engine, certifier, java);
    settings.push(...secureOpenSearch({ plugin, classes, configuration, java, ...access }));
  }
  writeFileSync(path.join(configuration, 'opensearch.yml'), settings.map((line) => `${line}\n`).join(''));
  return {
    program: path.join(java, 'bin/java'),
    given: [
      ...HEAP,
      ...['-cp', classes, 'org.codelibs.opensearch.runner.OpenSearchRunner'],
      ...['-basePath', base, '-clusterName', clusterNameOf(engine), '-numOfNode', '1'],
      ...['-baseHttpPort', String(engine.ports[0]! - 1), '-printOnFailure'], // it counts its nodes from 1
      ...(plugin !== undefined ? ['-pluginTypes', SECURITY_PLUGIN] : []),
    ],
    environment: {},
  };
}
