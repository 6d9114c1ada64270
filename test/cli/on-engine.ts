import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type EngineName, engineOf } from '../../scripts/engines/engine.js';
import { zeekSweep } from '../api/zeek-sweep.js';
import { connectTo } from '../backends/search/connect-to.js';
import { engineFor, needsEngine } from '../engines.js';
import { ended, listening, ownFolder, start } from './run-cli.js';

const sample = fileURLToPath(new URL('../../../sample', import.meta.url));

/** The command line and the API on a real engine give what they give on the embedded store. */
export function commandsOnEngine(name: EngineName): void {
  test(`${name}: import, hunt and serve as with the embedded store`, needsEngine(name), async (t) => {
    const folder = ownFolder(t);
    const prefix = `test-${randomUUID()}`;
    const { kind } = engineOf(name);
    const url = await engineFor(name);
    const settings = { [`${kind.toUpperCase()}_URL`]: url, SCANHOUND_PREFIX: prefix };
    t.after(async () => {
      const connection = await connectTo(name);
      const made = await connection.request((client) => client.indices.resolveIndex({ name: `${prefix}-*` }));
      const index = made.indices.map(({ name: own }) => own);
      await connection.request((client) => client.indices.delete({ index })); // wildcards may not delete
      await connection.close();
    });
    const run = async (args: string[], environment: NodeJS.ProcessEnv = {}) => {
      const { code, stdout, stderr } = await ended(start(folder, args, environment));
      assert.equal(code, 0, stderr);
      return { stdout, stderr };
    };

    const imported = await run(['import', sample], settings);
    const again = await run(['import', sample], settings);
    assert.match(again.stderr, /already stored/);
    const hunted = await run(['hunt'], settings);
    assert.equal((await run(['import', sample])).stderr, imported.stderr);
    assert.equal((await run(['hunt'])).stdout, hunted.stdout, 'as embedded');

    const service = start(folder, ['serve', '--port', '0'], { ...settings, SCANHOUND_SCHEDULE: 'off' });
    t.after(() => service.kill('SIGKILL'));
    const own = await listening(service);
    writeFileSync(join(folder, 'conn.log'), zeekSweep(25).join('\n'));
    const sent = await run(['import', '--url', own, sample, 'conn.log']);
    assert.match(sent.stderr, /Zeek JSON logs: .* 25 events/, 'what is new');
    assert.doesNotMatch(
      sent.stderr.replace(/^Zeek JSON logs.*$/m, ''),
      /: [1-9][\d,]* events?,/,
      'the sample is known',
    );
    const answer = await fetch(`${own}/api/alerts?limit=200`);
    const { alerts } = (await answer.json()) as { alerts: { id: string }[] };
    assert.equal(alerts.length, hunted.stdout.trim().split('\n').length - 1);
    const whole = await fetch(`${answer.url.split('/api')[0]}/api/alerts/${alerts[0]!.id}`);
    const { originals } = (await whole.json()) as { originals: { original: string }[] };
    assert.ok(originals.length > 0 && originals.every(({ original }) => original.length > 0));
    service.kill('SIGTERM');
    assert.equal((await ended(service)).code, 0);
  });
}
