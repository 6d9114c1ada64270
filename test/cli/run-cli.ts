import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../../server/cli/cli.js', import.meta.url));

/**
 * The built command line as a process of its own, in a folder of its own, without this process's settings.
 *
 * @param settings environment variables of its own
 * @param by a command that runs the command that follows it
 */
export function start(
  folder: string,
  args: readonly string[],
  settings: NodeJS.ProcessEnv = {},
  by: readonly string[] = [],
): ChildProcess {
  const own = Object.entries(process.env).filter(([name]) => !/^(SCANHOUND|ELASTICSEARCH|OPENSEARCH)_/.test(name));
  const env = { ...Object.fromEntries(own), ...settings };
  const [command = '', ...rest] = [...by, process.execPath, cli, ...args];
  return spawn(command, rest, { cwd: folder, env, stdio: 'pipe' });
}

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs it to its end. */
export function run(folder: string, args: readonly string[], input = '', settings = {}): Promise<Ended> {
  const child = start(folder, args, settings);
  child.stdin?.end(input);
  return ended(child);
}

export async function ended(child: ChildProcess): Promise<Ended> {
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
    });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, ...text };
}

/** A folder for one test. */
export function ownFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'scanhound-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The address that a service says it listens on. */
export function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout?.on('data', (chunk) => {
      said += String(chunk);
      const url = /listens on (http:\/\/[\d.:]+)/.exec(said)?.[1];
      if (url) resolve(url);
    });
    child.on('close', (code) => reject(new Error(`ended with ${code} before it listened`)));
  });
}
