import { type EngineName, engineOf } from '../../../scripts/engines/engine.js';
import { Connection } from '../../../server/backends/search/connection.js';
import { engineFor } from '../../engines.js';

export async function connectTo(name: EngineName): Promise<Connection> {
  return Connection.open({ engine: engineOf(name).kind, url: await engineFor(name) });
}
