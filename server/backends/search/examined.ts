import type { Connection } from './connection.js';
import type { OwnIndex } from './own-indices.js';

/** What a doctor looks at. */
export interface Examined {
  connection: Connection;
  engine: 'elasticsearch' | 'opensearch';
  url: string;
  /** Index patterns of telemetry. */
  telemetry: readonly string[];
  /** How the names of our indices begin. */
  prefix: string;
  own: readonly OwnIndex[];
  /** Epoch milliseconds. */
  now: () => number;
}
