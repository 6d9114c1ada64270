import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';

const logger = new URL('../server/logger.js', import.meta.url).href;

/** What a process of its own logs to its standard error, which is no terminal. */
async function logged(statements: string, isTerminal?: boolean): Promise<string> {
  const script = `const { createLog } = await import(${JSON.stringify(logger)});
    const log = createLog('info', ${isTerminal}); ${statements}`;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  assert.equal(stdout, '');
  return stderr;
}

test('logs are ECS documents, one a line, where nobody reads them on a terminal', async () => {
  const text = await logged(`log.info('AN1058 hunted', { run: 'r1', created: 2 });
    log.error('It\\nfailed', { code: 'INTERNAL', stack: 'Error: x' });`);
  const [info, error, ...more] = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(more, []);
  assert.match(info['@timestamp'], /^\d{4}-\d\d-\d\dT.*Z$/);
  assert.deepEqual(
    { ...info, '@timestamp': undefined, 'ecs.version': undefined },
    {
      '@timestamp': undefined,
      'ecs.version': undefined,
      'log.level': 'info',
      message: 'AN1058 hunted',
      'service.name': 'scanhound',
      'event.dataset': 'scanhound',
      'trace.id': 'r1',
      'scanhound.created': 2,
    },
  );
  assert.equal(error['error.code'], 'INTERNAL');
  assert.equal(error['error.stack_trace'], 'Error: x');
});

test('on a terminal a line is read by people, and steers nothing', async () => {
  const text = await logged(`log.warn('a \\u001b[31mred', { code: 'X' });`, true);
  assert.match(text, /^\d{4}-\S+ warn: a .*red code="X"\n$/);
  assert.equal(text.includes('\u001b'), false);
});
