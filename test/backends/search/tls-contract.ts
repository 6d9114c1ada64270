import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rootCertificates } from 'node:tls';
import { Connection } from '../../../server/backends/search/connection.js';
import type { EngineConfig } from '../../../server/backends/search/engine-address.js';
import { type SecureName, secureEngine } from './secure.js';

/** What a request over this connection fails with, at the first attempt. */
export async function failureOf(config: EngineConfig): Promise<{ code?: string; message: string; hint?: string }> {
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

/** Whom we trust, on an engine with TLS. */
export function tlsContract(name: SecureName): void {
  test(`${name}: a certificate that nobody vouches for is refused, and the remedy is named`, async () => {
    const engine = await secureEngine(name, 'hunter');
    const { ca: _, ...without } = engine;
    for (const config of [without, { ...engine, ca: rootCertificates[0]! }]) {
      const { code, message, hint } = await failureOf(config);
      assert.equal(code, 'ENGINE_UNTRUSTED');
      assert.match(
        message,
        /^No secure connection to (Elasticsearch|OpenSearch) at https:.* can be made: unable to verify .*certificate/,
      );
      assert.match(hint ?? '', /ELASTICSEARCH_CA or OPENSEARCH_CA/);
      assert.ok(!message.includes(engine.auth.password));
    }
  });

  test(`${name}: a certificate of another host is refused, though it is the authority's`, async () => {
    const engine = await secureEngine(name, 'hunter');
    const { code, message } = await failureOf({ ...engine, url: engine.url.replace('127.0.0.1', 'localhost') });
    assert.equal(code, 'ENGINE_UNTRUSTED');
    assert.match(message, /does not match certificate's altnames/);
  });

  test(`${name}: the right authority lets in`, async () => {
    const connection = Connection.open(await secureEngine(name, 'hunter'));
    await connection.request((client) => client.search({ index: 'logs-*' }));
    await connection.close();
  });
}
