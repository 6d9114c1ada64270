import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Programs } from './commands.js';
import { CERTIFIER, type Engine } from './engine.js';
import { enginesFolder } from './folder.js';

type Say = (line: string) => void;

const MAVEN_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';

/** Folders of all that an engine is started with, fetched by Maven unless they are there. */
export async function fetchEngine({ artifact, scheme, plugin }: Engine, say: Say): Promise<Programs> {
  return {
    engine: await fetchArtifact(artifact, say),
    ...(scheme === 'https' && { certifier: await fetchArtifact(CERTIFIER, say) }),
    ...(plugin !== undefined && { plugin: await fetchArtifact(plugin, say) }),
  };
}

async function fetchArtifact(artifact: string, say: Say): Promise<string> {
  const folder = path.join(enginesFolder(), 'programs', artifact.replaceAll(':', '-'));
  if (existsSync(folder)) return folder;
  say(`fetching ${artifact}`);
  const part = `${folder}.part`; // renamed when whole
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  if (artifact.endsWith(':zip'))
    await maven([`${MAVEN_PLUGIN}:unpack`, `-Dartifact=${artifact}`, `-DoutputDirectory=${part}`], part);
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
  await maven(
    [`--file=${project}`, `${MAVEN_PLUGIN}:copy-dependencies`, '-DincludeScope=runtime', `-DoutputDirectory=${folder}`],
    folder,
  );
}

/** @param folder where it leaves its own files */
async function maven(given: readonly string[], folder: string): Promise<void> {
  try {
    await promisify(execFile)('mvn', ['--batch-mode', '--quiet', ...given], { cwd: folder });
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
