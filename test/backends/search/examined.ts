import { Connection } from '../../../server/backends/search/connection.js';
import { examine } from '../../../server/backends/search/doctor.js';
import type { EngineConfig } from '../../../server/backends/search/engine-address.js';
import type { Finding } from '../../../server/backends/search/finding.js';
import { documentIndices } from '../../../server/backends/search/own-indices.js';

export const brief = ({ verdict, what }: Finding): string => `${verdict} ${what}`;

/** All that is found of an engine on which nothing is. */
export async function examined(config: EngineConfig): Promise<Finding[]> {
  const connection = Connection.open(config, async () => undefined);
  const { engine, url } = config;
  const own = documentIndices('scanhound');
  const found: Finding[] = [];
  try {
    const telemetry = ['logs-*', 'other:logs-*'];
    for await (const one of examine({ connection, engine, url, telemetry, prefix: 'scanhound', own, now: Date.now }))
      found.push(one);
  } finally {
    await connection.close();
  }
  return found;
}
