import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { EngineName } from './engine.js';
import { runFolder } from './folder.js';

/** What lets people into an engine with security on, while it runs. */
export interface Access {
  /** The certificate of its authority, PEM. */
  ca: string;
  /** Of all its users: `ADMIN` and those of `users.ts`. */
  password: string;
}

/** May do everything. */
export const ADMIN = 'admin';

/** Where it is kept, readable by whoever started the engine. */
export const accessFile = (name: EngineName): string => path.join(runFolder(name), 'access.json');

/** Throws where the engine does not run. */
export const accessTo = (name: EngineName): Access => JSON.parse(readFileSync(accessFile(name), 'utf8')) as Access;

export const writeAccess = (name: EngineName, access: Access): void =>
  writeFileSync(accessFile(name), JSON.stringify(access), { mode: 0o600 });
