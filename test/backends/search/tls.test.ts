import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rootCertificates } from 'node:tls';
import { Connection, type EngineConfig } from '../../../server/backends/search/connection.js';
import { needsSecure, secureEngine } from './secure.js';
import { inTurn, standIn } from './stand-in.js';

/** What a request over this connection fails with, at the first attempt. */
async function failureOf(config: EngineConfig): Promise<{ code?: string; message: string; hint?: string }> {
  const connection = Connection.open(config, async () => assert.fail('it was tried again'));
  try {
    await connection.request((client) => client.indices.getAlias());
  } catch (error) {
    return error as Error;
  } finally {
    await connection.close();
  }
  return assert.fail('it was let in');
}

test('a certificate that nobody vouches for is refused, and the remedy is named', needsSecure(), async () => {
  const engine = await secureEngine('hunter');
  const { ca: _, ...without } = engine;
  for (const config of [without, { ...engine, ca: rootCertificates[0]! }]) {
    const { code, message, hint } = await failureOf(config);
    assert.equal(code, 'ENGINE_UNTRUSTED');
    assert.match(
      message,
      /^No secure connection to Elasticsearch at https:.* can be made: unable to verify .*certificate/,
    );
    assert.match(hint ?? '', /ELASTICSEARCH_CA or OPENSEARCH_CA/);
    assert.ok(!message.includes(engine.auth.password));
  }
});

test("a certificate of another host is refused, though it is the authority's", needsSecure(), async () => {
  const engine = await secureEngine('hunter');
  const { code, message } = await failureOf({ ...engine, url: engine.url.replace('127.0.0.1', 'localhost') });
  assert.equal(code, 'ENGINE_UNTRUSTED');
  assert.match(message, /does not match certificate's altnames/);
});

test('the right authority lets in', needsSecure(), async () => {
  const connection = Connection.open(await secureEngine('hunter'));
  await connection.request((client) => client.cluster.health());
  await connection.close();
});

test('a server without TLS is told from one that is down', async () => {
  const server = await standIn(inTurn([]).answer);
  try {
    const { code, message } = await failureOf({ engine: 'opensearch', url: server.url.replace('http:', 'https:') });
    assert.equal(code, 'ENGINE_UNTRUSTED');
    assert.match(message, /can be made: it does not speak TLS\.$/);
  } finally {
    await server.close();
  }
});
