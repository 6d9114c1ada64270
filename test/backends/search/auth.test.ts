import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { hunterRole } from '../../../mappings/search/roles.js';
import { readEngine } from '../../../server/engine-config.js';

interface OpenSearchRole {
  index_permissions: { index_patterns: string[] }[];
}

const { indices } = readEngine({ ELASTICSEARCH_URL: 'http://127.0.0.1' })!;
const readRole = (engine: string): unknown =>
  JSON.parse(readFileSync(`mappings/search/roles/${engine}-hunter.json`, 'utf8'));

test("the hunters' roles are of the indices that are hunted unless told otherwise", () => {
  assert.deepEqual(readRole('elasticsearch'), hunterRole(indices));
  const { index_permissions: rules } = readRole('opensearch') as OpenSearchRole;
  assert.deepEqual(rules[0]?.index_patterns, indices);
});
