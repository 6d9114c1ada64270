import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SUBJECT_HASH } from '../../../mappings/duckdb/tables.js';
import { contactsOf } from '../../../server/backends/duckdb/contacts.js';
import { Store } from '../../../server/backends/duckdb/store.js';
import { repeat } from '../../scenarios/times.js';

const SUBJECTS = 1_100;
const EACH = 300;

/** Each subject's contacts with a text that no other contact has, so that little memory holds few of them. */
async function storeOf(memory: string): Promise<Store> {
  const store = await Store.open(undefined, memory);
  await store.write((connection) =>
    connection.run(
      `INSERT INTO contacts BY NAME SELECT *, ${SUBJECT_HASH} AS subject_hash FROM (
         SELECT i AS number, i AS time, 'subject ' || i % ${SUBJECTS} AS subject, '10.9.0.1' AS destination, 445 AS port,
           repeat(md5(i::VARCHAR), 3) AS "user" FROM range(${SUBJECTS * EACH}) AS numbers(i))`,
    ),
  );
  return store;
}

const wanted = repeat(SUBJECTS, (n) => ({ subject: `subject ${n}`, spans: [{ from: 0, to: SUBJECTS * EACH }] }));

test('contacts of many subjects, which do not fit into memory at once, are read in parts: of each subject all, once, in order', async () => {
  const store = await storeOf('40MB');
  const subjects = new Set<string>();
  for await (const { subject, contacts } of contactsOf(store, wanted)) {
    assert.ok(!subjects.has(subject));
    subjects.add(subject);
    const first = Number(subject.slice('subject '.length));
    assert.deepEqual(
      contacts.map(({ evidence }) => evidence),
      repeat(EACH, (n) => String(first + n * SUBJECTS)),
    );
  }
  assert.equal(subjects.size, SUBJECTS);
  await store.close();
});
