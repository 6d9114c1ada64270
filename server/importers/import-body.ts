import type { Events } from '../model/ports.js';
import { type ImportSummary, importTelemetry } from './import-telemetry.js';

/** What came of one body of telemetry. */
export type BodySummary = Pick<ImportSummary, 'kinds' | 'skipped'>;

/**
 * Reads a body that stands in a file for a while into the store, under a name that stays.
 * @throws AppError FORMAT_UNKNOWN, SOURCE_UNREADABLE where nothing can be read in it
 */
export const importBody =
  (events: Events) =>
  async (path: string, name: string, signal: AbortSignal): Promise<BodySummary> => {
    const { kinds, skipped, failure } = await importTelemetry([path], events, { nameOf: () => name, signal });
    if (failure !== undefined) throw failure;
    return { kinds, skipped };
  };
