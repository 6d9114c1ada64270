import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SUBJECT_HASH } from '../../../mappings/duckdb/tables.js';
import { an1058 } from '../../../queries/analytics/an1058.js';
import { TRAITS } from '../../../queries/compile/traits.js';
import { toPlan } from '../../../queries/plan.js';
import { tunablesOf } from '../../../queries/tunable-values.js';
import { Store } from '../../../server/backends/duckdb/store.js';
import { DuckDbTelemetry } from '../../../server/backends/duckdb/telemetry.js';
import { subjectHash, subjectKey } from '../../../server/model/subject.js';

const SPAN = { from: 1_000_000, to: 1_100_000 };

/** Two addresses whose hashes are the same: of 100,000 about one pair is. */
function twoOfOneHash(): [string, string] {
  const known = new Map<number, string>();
  for (let number = 0; ; number++) {
    const key = subjectKey({ kind: 'address', address: `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}` });
    const other = known.get(subjectHash(key));
    if (other !== undefined) return [other, key];
    known.set(subjectHash(key), key);
  }
}

test('subjects that share a hash are told apart, though they are found together', async () => {
  const store = await Store.open();
  const [one, other] = twoOfOneHash();
  await store.write((connection) =>
    connection.run(
      `INSERT INTO contacts BY NAME SELECT *, ${SUBJECT_HASH} AS subject_hash, ${TRAITS} AS traits FROM (
         SELECT i AS number, ${SPAN.from} + i * 100 AS time, CASE WHEN i % 2 = 0 THEN $one ELSE $other END AS subject,
           false AS is_process, '' AS container, NULL AS platform, '10.9.0.' || (i // 2) AS destination, 445 AS port, 'tcp' AS transport,
           'refused' AS outcome, 'own' AS scope FROM range(80) AS numbers(i))`,
      { one, other },
    ),
  );
  const telemetry = new DuckDbTelemetry(store);
  const read = async (...subjects: string[]) => {
    const found: { subject: string; evidence: string[] }[] = [];
    for await (const { subject, contacts } of telemetry.contacts(
      subjects.map((key) => ({ subject: key, spans: [SPAN] })),
    ))
      found.push({ subject, evidence: contacts.map(({ evidence }) => evidence) });
    return found;
  };
  const evidence = (first: number) => Array.from({ length: 40 }, (_, place) => String(first + 2 * place));
  assert.deepEqual(await read(one), [{ subject: one, evidence: evidence(0) }]);
  assert.deepEqual(await read(other, one), [
    { subject: one, evidence: evidence(0) },
    { subject: other, evidence: evidence(1) },
  ]);
  const plan = toPlan(an1058, tunablesOf(an1058));
  const suspects = async (subjects?: string[]) =>
    (await telemetry.suspects(plan, SPAN, subjects)).map(({ subject }) => subject).sort();
  assert.deepEqual(await suspects(), [one, other].sort());
  assert.deepEqual(await suspects([other]), [other]);
  await store.close();
});
