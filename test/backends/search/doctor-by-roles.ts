import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { engineOf } from '../../../scripts/engines/engine.js';
import { brief, examined } from './examined.js';
import { onSecure, type SecureName, secureEngine, type User } from './secure.js';

/** What is said of the rights of each user. */
const RIGHTS: Record<'elasticsearch' | 'opensearch', [User, string][]> = {
  elasticsearch: [
    ['hunter', 'ok the user hunter has every right that hunts need'],
    ['blind', 'problem the user blind lacks the privilege read over logs-*'],
    ['mute', 'problem the user mute lacks the privilege index over scanhound-*'],
  ],
  opensearch: [
    ['hunter', 'ok the user may do what hunts need, as far as could be tried'],
    ['blind', 'problem the user may not search logs-*'],
    ['mute', 'problem the user may not write scanhound-mark'],
  ],
};

/** What a doctor says by users who may do less than hunts need, or nothing. */
export function doctorByRoles(name: SecureName): void {
  const { kind } = engineOf(name);
  for (const [user, says] of RIGHTS[kind])
    test(`${name}: ${says}`, async () => {
      const engine = await secureEngine(name, user);
      const found = await withTelemetry(name, () => examined(engine));
      const told = found.map(brief).filter((one) => / the user /.test(one));
      assert.deepEqual(told, [says]);
      assert.ok(!JSON.stringify(found).includes(engine.auth.password));
    });

  test(`${name}: whoever may not look at the cluster is told so, and the rest is looked at`, async () => {
    const found = (await examined(await secureEngine(name, 'reader'))).map(brief);
    assert.ok(found.includes("warning its version can't be read"));
    assert.ok(found.includes("warning the engine's clock can't be read"));
    assert.ok(found.some((one) => one.startsWith('problem the user ')));
    assert.ok(found.some((one) => one.startsWith('problem no open index is matched')));
  });

  test(`${name}: a wrong password is all that is said`, async () => {
    const engine = await secureEngine(name, 'hunter');
    const refused = await examined({ ...engine, auth: { username: 'hunter', password: 'wr0ng-passw0rd' } });
    assert.deepEqual([refused.length, refused[0]?.verdict], [1, 'problem']);
    assert.match(refused[0]!.what, /answered 401[.:]/);
  });
}

/** While there is an index of telemetry: of none OpenSearch refuses nothing. */
async function withTelemetry<T>(name: SecureName, use: () => Promise<T>): Promise<T> {
  const index = `logs-${randomUUID()}`;
  await onSecure(name, 'admin', (admin) => admin.request((client) => client.indices.create({ index })));
  try {
    return await use();
  } finally {
    await onSecure(name, 'admin', (admin) => admin.request((client) => client.indices.delete({ index })));
  }
}
