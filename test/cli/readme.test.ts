import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createProgram } from '../../server/cli/program.js';
import { errorTable } from '../../server/model/app-error.js';

const readme = readFileSync('README.md', 'utf8');

test('README lists every error as it is', () => {
  const rows = [...readme.matchAll(/^\| `([A-Z_]+)` \| (\d{3}) \| (.*) \|$/gm)];
  const listed = rows.map(([, code, status, hint]) => ({ code, status: Number(status), hint }));
  const byCode = (one: { code?: string | undefined }, other: { code?: string | undefined }) =>
    String(one.code).localeCompare(String(other.code));
  assert.deepEqual(listed.sort(byCode), [...errorTable()].sort(byCode));
});

test('README names every command with every option', () => {
  for (const command of createProgram().commands) {
    assert.ok(readme.includes(`npx scanhound ${command.name()}`), command.name());
    for (const { long } of command.options) assert.ok(readme.includes(long ?? ''), `${command.name()} ${long}`);
  }
});
