import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inTurn, standIn } from './stand-in.js';
import { failureOf } from './tls-contract.js';

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
