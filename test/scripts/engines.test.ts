import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { engineNames, engines, urlOf } from '../../scripts/engines/engine.js';
import { isUp } from '../../scripts/engines/servers.js';

const run = (given: readonly string[]) =>
  spawnSync(process.execPath, ['dist/scripts/engines.js', ...given], { encoding: 'utf8' });

test('every engine has a URL, and the list names them all', () => {
  const { stdout } = run(['list']);
  for (const engine of engines) {
    assert.equal(run(['url', engine.name]).stdout, `${urlOf(engine)}\n`);
    assert.match(stdout, new RegExp(`^${engine.name} +${engine.ports.join(',')} +(up|down)$`, 'm'));
  }
  assert.equal(new Set(engines.flatMap(({ ports }) => ports)).size, engines.flatMap(({ ports }) => ports).length);
});

test('an unknown engine is refused with the names that are known', () => {
  const { status, stderr, stdout } = run(['start', 'elasticsearch-7']);
  assert.equal(status, 1);
  assert.equal(stdout, '');
  for (const name of engineNames) assert.ok(stderr.includes(name));
});

test('what else answers on its port is never taken for an engine', async () => {
  let answer = '<html>';
  const server = createServer((_, response) => response.end(answer)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const engine = { ...engines[0]!, ports: [(server.address() as AddressInfo).port] };
  try {
    assert.equal(await isUp(engine), false);
    answer = JSON.stringify({ cluster_name: 'production', number_of_nodes: 1 });
    await assert.rejects(isUp(engine), /Port \d+ of elasticsearch-8 is taken by the cluster production/);
    answer = JSON.stringify({ cluster_name: 'scanhound-elasticsearch-8', number_of_nodes: 1 });
    assert.equal(await isUp(engine), true);
    answer = JSON.stringify({ cluster_name: 'scanhound-elasticsearch-8', number_of_nodes: 0 });
    assert.equal(await isUp(engine), false);
  } finally {
    server.closeAllConnections();
    server.close();
  }
  assert.equal(await isUp(engine), false);
});
