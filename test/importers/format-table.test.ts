import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { binaryFormats, jsonFormats, textFormats } from '../../server/importers/formats.js';

/** README's table of formats, a row by its format's name. */
const rows = new Map(
  readFileSync('README.md', 'utf8')
    .split('\n## ')
    .find((section) => section.startsWith('What is read'))!
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| format'))
    .map((line) => [line.split(' | ')[0]!.slice(2), line]),
);

test("README's table has every format that is read, and no other", () => {
  const names = [...jsonFormats, ...textFormats, ...binaryFormats].map(({ name }) => name);
  assert.deepEqual([...rows.keys()].toSorted(), names.toSorted());
});

for (const { name, provenUnseen } of [...jsonFormats, ...textFormats])
  test(`README says of ${name} whether it was seen in the wild`, () => {
    const says = rows.get(name)?.endsWith('not yet seen in the wild |');
    // osquery's results were seen, but none of its event tables.
    assert.equal(says, provenUnseen === true || name === 'osquery results');
  });
