import { lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { EngineName } from './engine.js';

/**
 * Where engines lie and run: outside the repository, and where the user they run as can read. SCANHOUND_ENGINES names
 * another place, such as one that CI keeps.
 */
export const enginesFolder = (): string =>
  path.resolve(process.env.SCANHOUND_ENGINES ?? path.join(tmpdir(), 'scanhound-engines'));

/** Files of one running engine: log, data, configuration; gone when it is stopped. */
export const runFolder = (name: EngineName): string => path.join(enginesFolder(), 'running', name);

/** Makes the folder. Throws where it is somebody else's: what lies there is executed. */
export function makeEnginesFolder(): void {
  const folder = enginesFolder();
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const owner = lstatSync(folder);
  if (!owner.isDirectory() || owner.uid !== process.getuid?.())
    throw new Error(`${folder} is not a folder of this user: name another by SCANHOUND_ENGINES.`);
}
