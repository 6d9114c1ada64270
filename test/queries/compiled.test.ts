import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { compiledFolder, compiledQueries } from '../../scripts/build-queries.js';

test('the committed queries are the compiled ones, no more and no fewer', () => {
  const compiled = compiledQueries();
  const committed = readdirSync(compiledFolder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.sql'),
  );
  assert.deepEqual(committed.map((name) => name.replaceAll(path.sep, '/')).sort(), [...compiled.keys()].sort());
  for (const [name, text] of compiled) assert.equal(readFileSync(path.join(compiledFolder, name), 'utf8'), text, name);
});
