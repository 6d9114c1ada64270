import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessTo } from '../../../scripts/engines/access.js';
import { engineOf } from '../../../scripts/engines/engine.js';
import { Connection } from '../../../server/backends/search/connection.js';
import type { EngineConfig } from '../../../server/backends/search/engine-address.js';
import { engineFor } from '../../engines.js';

/** A user of the engine with security on: who may do everything, one of each role, and such that lack something. */
export type User = 'admin' | 'hunter' | 'setup' | 'reader' | 'blind' | 'mute';

/** Engines with security on. */
export type SecureName = 'elasticsearch-9-secure' | 'opensearch-2-secure';

/** Where it is, and how this user is let in. */
export async function secureEngine(name: SecureName, username: User) {
  const url = await engineFor(name);
  const { ca, password } = accessTo(name);
  return { engine: engineOf(name).kind, url, ca, auth: { username, password } } satisfies EngineConfig;
}

export async function onSecure<T>(name: SecureName, user: User, use: (one: Connection) => Promise<T>): Promise<T> {
  const connection = Connection.open(await secureEngine(name, user));
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}

/** The same as environment variables. Certificate and password become files in this folder. */
export async function settingsOf(name: SecureName, user: User, folder: string): Promise<NodeJS.ProcessEnv> {
  const { engine, url, ca, auth } = await secureEngine(name, user);
  writeFileSync(join(folder, 'ca.pem'), ca);
  writeFileSync(join(folder, 'password'), auth.password);
  const settings = {
    URL: url,
    CA: join(folder, 'ca.pem'),
    USERNAME: user,
    PASSWORD_FILE: join(folder, 'password'),
  };
  const prefix = engine.toUpperCase();
  return Object.fromEntries(Object.entries(settings).map(([setting, value]) => [`${prefix}_${setting}`, value]));
}

/** What an engine says of a right that somebody lacks. */
export function refusalOf(name: SecureName, rights: { elasticsearch: string; opensearch: string }): RegExp {
  return engineOf(name).kind === 'elasticsearch'
    ? new RegExp(`answered 403: .*granted by the (index|cluster) privileges \\[[^\\]]*\\b${rights.elasticsearch}\\b`)
    : new RegExp(`answered 403: .*no permissions for \\[[^\\]]*${rights.opensearch}`);
}
