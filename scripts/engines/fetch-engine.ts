import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Engine } from './engine.js';
import { enginesFolder } from './folder.js';

const MAVEN_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';

/** The folder of an engine's program, fetched by Maven unless it is there. */
export async function fetchEngine({ artifact }: Engine, say: (line: string) => void): Promise<string> {
  const folder = path.join(enginesFolder(), 'programs', artifact.replaceAll(':', '-'));
  if (existsSync(folder)) return folder;
  say(`fetching ${artifact}`);
  const part = `${folder}.part`; // renamed when whole
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  if (artifact.endsWith(':zip'))
    await maven([
      `${MAVEN_PLUGIN}:unpack`,
      `-Dartifact=${artifact}`,
      `-DoutputDirectory=${part}`,
      `-DmarkersDirectory=${part}/markers`,
    ]);
  else await fetchWithDependencies(artifact, part);
  renameSync(part, folder);
  return folder;
}

async function fetchWithDependencies(artifact: string, folder: string): Promise<void> {
  const [groupId, artifactId, version] = artifact.split(':');
  const project = path.join(folder, 'pom.xml');
  writeFileSync(
    project,
    `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>scanhound</groupId><artifactId>engine</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId><version>${version}</version></dependency>
  </dependencies>
</project>
`,
  );
  await maven([
    `--file=${project}`,
    `${MAVEN_PLUGIN}:copy-dependencies`,
    '-DincludeScope=runtime',
    `-DoutputDirectory=${folder}`,
  ]);
}

async function maven(given: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)('mvn', ['--batch-mode', '--quiet', ...given]);
  } catch (error) {
    const said = String((error as { stdout?: string }).stdout ?? error).split('\n');
    throw new Error(
      `Maven failed: ${said
        .filter((line) => line.includes('ERROR'))
        .slice(0, 3)
        .join(' ')}`,
    );
  }
}
