import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** The oldest Java that all engines run on. */
const OLDEST = 21;

/** Folders whose entries are Java homes. */
const FOLDERS = ['/usr/lib/jvm', '/opt', '/opt/java', '/usr/local', '/usr/local/lib/jvm', '/usr/java'];

/** What `npm run engines` needs and does not find, as a sentence with its remedy; undefined when all is there. */
export function whatIsMissing(): string | undefined {
  if (findJava() === undefined)
    return `no Java ${OLDEST} or newer: install one (Debian: temurin-25-jdk or openjdk-21-jdk) or set JAVA_HOME`;
  if (!hasMaven()) return 'no Maven, which fetches the engines: install it (Debian: maven)';
  return undefined;
}

/** The home of a Java that runs all engines. */
export const findJava = (): string | undefined => candidates().find((home) => (versionOf(home) ?? 0) >= OLDEST);

function candidates(): string[] {
  const named = [process.env.ES_JAVA_HOME, process.env.JAVA_HOME].filter((home) => home !== undefined);
  const folders = [...FOLDERS, path.join(homedir(), '.sdkman/candidates/java')].filter(existsSync);
  const found = folders.flatMap((folder) =>
    readdirSync(folder)
      .sort()
      .map((entry) => path.join(folder, entry)),
  );
  const macs = '/Library/Java/JavaVirtualMachines';
  const foundOnMac = existsSync(macs) ? readdirSync(macs).map((entry) => path.join(macs, entry, 'Contents/Home')) : [];
  return [...named, ...found, ...foundOnMac].filter((home) => existsSync(path.join(home, 'bin/java')));
}

/** The major version, as the file beside every Java since 9 tells it. */
function versionOf(home: string): number | undefined {
  const release = path.join(home, 'release');
  if (!existsSync(release)) return undefined;
  const [, version] = /^JAVA_VERSION="(\d+)/m.exec(readFileSync(release, 'utf8')) ?? [];
  return version === undefined ? undefined : Number(version);
}

function hasMaven(): boolean {
  try {
    execFileSync('mvn', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
