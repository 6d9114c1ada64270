import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessTo } from '../../../scripts/engines/security.js';
import { Connection, type EngineConfig } from '../../../server/backends/search/connection.js';
import { engineFor, needsEngine } from '../../engines.js';

/** A user of the engine with security on: who may do everything, one of each role, and such that lack something. */
export type User = 'admin' | 'hunter' | 'setup' | 'reader' | 'blind' | 'mute';

const NAME = 'elasticsearch-9-secure';

export const needsSecure = () => needsEngine(NAME);

/** Where it is, and how this user is let in. */
export async function secureEngine(username: User) {
  const url = await engineFor(NAME);
  const { ca, password } = accessTo(NAME);
  return { engine: 'elasticsearch', url, ca, auth: { username, password } } satisfies EngineConfig;
}

export async function onSecure<T>(user: User, use: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = Connection.open(await secureEngine(user));
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}

/** The same as environment variables. Certificate and password become files in this folder. */
export async function settingsOf(user: User, folder: string): Promise<NodeJS.ProcessEnv> {
  const { url, ca, auth } = await secureEngine(user);
  writeFileSync(join(folder, 'ca.pem'), ca);
  writeFileSync(join(folder, 'password'), auth.password);
  return {
    ELASTICSEARCH_URL: url,
    ELASTICSEARCH_CA: join(folder, 'ca.pem'),
    ELASTICSEARCH_USERNAME: user,
    ELASTICSEARCH_PASSWORD_FILE: join(folder, 'password'),
  };
}
