import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownFolder, run } from '../../cli/run-cli.js';

for (const command of ['setup', 'doctor'])
  test(`${command} without an engine says that none is needed`, async (t) => {
    const { code, stdout, stderr } = await run(ownFolder(t), [command]);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /ELASTICSEARCH_URL.*OPENSEARCH_URL.*the embedded store needs no setup.*\[CONFIG_INVALID\]\n$/);
  });
