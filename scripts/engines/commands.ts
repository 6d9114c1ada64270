import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { clusterNameOf, type Engine } from './engine.js';
import { runFolder } from './folder.js';
import { prepareSecurity } from './security.js';

/** How one process of an engine is started. Its command line names the engines' folder, by which it is known again. */
export interface Command {
  program: string;
  given: string[];
  environment: Record<string, string>;
}

const HEAP = ['-Xms512m', '-Xmx512m'];
/** From the HTTP port to that of the traffic between nodes. */
const TRANSPORT = 200;

/** Writes an engine's configuration and says how its processes are started. */
export const prepare = (engine: Engine, program: string, java: string): Command[] =>
  engine.kind === 'opensearch'
    ? [prepareOpenSearch(engine, program, java)]
    : engine.ports.map((port) => prepareElasticsearch(engine, port, program, java));

function prepareElasticsearch(engine: Engine, port: number, program: string, java: string): Command {
  const home = path.join(program, readdirSync(program).find((entry) => entry.startsWith('elasticsearch-'))!);
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
  const settings = [
    `cluster.name: ${clusterNameOf(engine)}`,
    `node.name: node-${port}`,
    `path.data: ${path.join(node, 'data')}`,
    `path.logs: ${path.join(node, 'logs')}`,
    'network.host: 127.0.0.1',
    `http.port: ${port}`,
    `transport.port: ${port + TRANSPORT}`,
    ...discovery,
    ...(engine.scheme === 'https'
      ? prepareSecurity(engine.name, home, configuration, java)
      : ['xpack.security.enabled: false']),
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

function prepareOpenSearch(engine: Engine, program: string, java: string): Command {
  const base = path.join(runFolder(engine.name), 'opensearch');
  const configuration = path.join(base, 'node_1/config');
  mkdirSync(configuration, { recursive: true });
  writeFileSync(
    path.join(configuration, 'opensearch.yml'),
    'network.host: 127.0.0.1\ncluster.routing.allocation.disk.threshold_enabled: false\n',
  );
  return {
    program: path.join(java, 'bin/java'),
    given: [
      ...HEAP,
      ...['-cp', path.join(program, '*'), 'org.codelibs.opensearch.runner.OpenSearchRunner'],
      ...['-basePath', base, '-clusterName', clusterNameOf(engine), '-numOfNode', '1'],
      ...['-baseHttpPort', String(engine.ports[0]! - 1), '-printOnFailure'], // it counts its nodes from 1
    ],
    environment: {},
  };
}
