import { Argument, Command } from 'commander';
import { accessFile } from './engines/access.js';
import { type EngineName, engineNames, engineOf, engines, urlOf } from './engines/engine.js';
import { withLock } from './engines/lock.js';
import { isInUse, readRecord, writeRecord } from './engines/record.js';
import { isUp, startServer, stopServer } from './engines/servers.js';

/**
 * Real Elasticsearch and OpenSearch servers for tests and trials: `npm run engines -- start NAME`. They come from Maven,
 * listen on 127.0.0.1 only, and keep nothing once they are stopped.
 */
const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};
const name = () => new Argument('<name>', 'which').choices(engineNames);

const program = new Command('engines').description('Starts and stops real engines for tests and trials.');
program
  .command('start')
  .description('has it up, and prints its URL when it answers')
  .addArgument(name())
  .action((which: EngineName) => withLock(() => start(which)));
program
  .command('stop')
  .description('stops it, unless tests use it, and removes its data')
  .addArgument(name())
  .action((which: EngineName) => withLock(() => stop(which)));
program
  .command('url')
  .description('prints its URL')
  .addArgument(name())
  .action((which: EngineName) => console.log(urlOf(engineOf(which))));
program
  .command('list')
  .description('prints all engines: name, ports, whether it is up')
  .action(async () => {
    for (const engine of engines)
      console.log(
        [engine.name.padEnd(22), engine.ports.join(',').padEnd(14), (await isUp(engine)) ? 'up' : 'down'].join(' '),
      );
  });

async function start(which: EngineName): Promise<void> {
  const engine = engineOf(which);
  const record = readRecord(which);
  if (!(await isUp(engine))) await startServer(engine, 'person', say);
  else if (record) writeRecord(which, { ...record, startedBy: 'person' }); // no longer the tests' to stop
  if (engine.scheme === 'https') say(`certificate authority and password of all users: ${accessFile(which)}`);
  console.log(urlOf(engine));
}

async function stop(which: EngineName): Promise<void> {
  const record = readRecord(which);
  if (record && isInUse(record)) throw new Error(`Tests use ${which}: wait for process ${record.users.at(-1)}.`);
  await stopServer(engineOf(which));
}

try {
  await program.parseAsync();
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
