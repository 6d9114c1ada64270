import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ended, listening, ownFolder, start } from './run-cli.js';

const root = new URL('../../../', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, root), 'utf8');
const exec = promisify(execFile);

test('the service unit and the container start node itself, so that signals arrive', () => {
  const [, node, cli, command] = /^ExecStart=(\S+) (\S+) (\S+)$/m.exec(read('deploy/scanhound.service'))!;
  assert.deepEqual([node, command], ['/usr/bin/node', 'serve']);
  const entry = JSON.parse(/^ENTRYPOINT (.*)$/m.exec(read('deploy/Containerfile'))![1]!) as string[];
  assert.deepEqual(entry, ['node', cli]);
  assert.ok(existsSync(fileURLToPath(new URL(cli!, root))));
});

test('the container’s health check passes while the service is ready, and fails once it is gone', async (t) => {
  const child = start(ownFolder(t), ['serve', '--port', '0'], { SCANHOUND_SCHEDULE: 'off' });
  const port = new URL(await listening(child)).port;
  const [program, ...args] = JSON.parse(/^HEALTHCHECK .*?CMD (\[.*\])$/m.exec(read('deploy/Containerfile'))![1]!);
  const check = () => exec(program, args, { env: { ...process.env, SCANHOUND_PORT: port } });
  await check();
  const end = ended(child);
  child.kill('SIGTERM');
  assert.equal((await end).code, 0);
  await assert.rejects(check(), { code: 1 });
});
