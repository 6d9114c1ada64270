import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { documentFields } from '../../../mappings/search/documents.js';
import { documentIndices, telemetryIndexOf } from '../../../server/backends/search/own-indices.js';
import { zeekSweep } from '../../api/zeek-sweep.js';
import { ownFolder, run } from '../../cli/run-cli.js';
import { ecsMappings } from './ecs-index.js';
import { onSecure, refusalOf, type SecureName, secureEngine, settingsOf, type User } from './secure.js';

const own = [...documentIndices(), telemetryIndexOf('scanhound-telemetry')];
const names = own.map(({ index, alias }) => alias ?? index);
const telemetry = 'logs-setup-test';

/** Removes all of it. */
const cleanUp = (name: SecureName) =>
  onSecure(name, 'admin', async (admin) => {
    const index = [...own.map((one) => one.index), telemetry];
    await admin.request((client) => client.indices.delete({ index, ignore_unavailable: true }));
    for (const template of names)
      await admin.request((client) => client.indices.deleteIndexTemplate({ name: template }, { ignore: [404] }));
  });

const existing = (name: SecureName) =>
  onSecure(name, 'admin', (admin) =>
    admin.request((client) => client.indices.get({ index: names, ignore_unavailable: true })),
  );

/** OpenSearch's own way to put a role. (Elasticsearch's needs more than the minimal distribution has.) */
export function putRoles(name: 'opensearch-2-secure'): void {
  for (const role of ['hunter', 'setup', 'reader'])
    test(`${name}: the file of the role ${role} can be put as it is`, async () => {
      const body = JSON.parse(readFileSync(`mappings/search/roles/opensearch-${role}.json`, 'utf8')) as object;
      const path = `/_plugins/_security/api/roles/test_${role}`;
      await onSecure(name, 'admin', async (admin) => {
        await admin.request((client) => client.transport.request({ method: 'PUT', path, body }));
        await admin.request((client) => client.transport.request({ method: 'DELETE', path }));
      });
    });
}

/** Whether the shipped roles are enough, and the commands say what they do. */
export function setUpByRoles(name: SecureName): void {
  test(`${name}: the command setup by its role, doctor by the hunter's`, async (t) => {
    const folder = ownFolder(t);
    const { password } = (await secureEngine(name, 'admin')).auth;
    const as = async (user: User, ...args: string[]) => {
      const settings = {
        ...(await settingsOf(name, user, folder)),
        SCANHOUND_INDICES: `${telemetry}*,scanhound-telemetry*`,
      };
      const ended = await run(folder, args, '', settings);
      assert.ok(!`${ended.stdout}${ended.stderr}`.includes(password));
      return ended;
    };
    await cleanUp(name);
    t.after(() => cleanUp(name));

    const dry = await as('setup', 'setup', '--dry-run');
    assert.equal(dry.stdout.match(/^would make (template|index) scanhound-/gm)?.length, 2 * own.length);
    assert.deepEqual(await existing(name), {});

    const refused = await as('hunter', 'setup');
    assert.deepEqual([refused.code, refused.stdout], [1, '']);
    assert.match(
      refused.stderr,
      refusalOf(name, { elasticsearch: 'manage_index_templates', opensearch: 'indices:admin/index_template/put' }),
    );

    const before = await as('hunter', 'doctor');
    assert.equal(before.code, 1);
    assert.match(
      before.stdout,
      /^problem {2}no open index is matched by logs-setup-test\*, scanhound-telemetry\* {2}→ .*SCANHOUND_INDICES/m,
    );
    const parts = 2 * (Object.keys(documentFields).length + 1); // a template and an index for each, and for telemetry
    assert.match(
      before.stdout,
      new RegExp(
        `^problem  .*is missing: template scanhound-alert .* and ${parts - 1} more  → run scanhound setup$`,
        'm',
      ),
    );

    const first = await as('setup', 'setup');
    assert.equal(first.code, 0, first.stderr);
    assert.equal(first.stdout, dry.stdout.replaceAll('would make', 'made'));
    assert.equal(Object.keys(await existing(name)).length, own.length);
    const second = await as('setup', 'setup');
    assert.deepEqual([second.code, second.stdout], [0, 'All is there: nothing to do.\n']);

    await onSecure(name, 'admin', (admin) =>
      admin.request((client) => client.indices.create({ index: telemetry, mappings: ecsMappings as object })),
    );
    const log = join(folder, 'conn.log');
    writeFileSync(log, zeekSweep(20).join('\n'));
    const imported = await as('hunter', 'import', log);
    assert.equal(imported.code, 0, imported.stderr);
    const hunted = await as('hunter', 'hunt');
    assert.equal(hunted.code, 0, hunted.stderr);
    assert.match(hunted.stdout, /10\.0\.0\.5/);

    const well = await as('hunter', 'doctor');
    assert.equal(well.code, 0, well.stdout);
    assert.deepEqual(well.stdout.match(/^(warning|problem).*/gm), null);
    assert.match(well.stdout, /^ok {7}\w+ at https:\/\/127.0.0.1:\d+ lets us in, over TLS\nok {7}\w+ \d+\.\d/);

    await onSecure(name, 'reader', async (reader) => {
      for (const index of ['scanhound-alert', 'scanhound-run']) await reader.search({ index });
      for (const index of ['scanhound-mark', telemetry])
        await assert.rejects(reader.search({ index }), { code: 'ENGINE_REFUSED', message: /answered 403/ });
    });
  });
}
