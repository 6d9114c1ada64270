import { AppError } from '../model/app-error.js';
import type { Events } from '../model/ports.js';
import { type ImportSummary, importTelemetry } from './import-telemetry.js';

/** What came of one body of telemetry. */
export type BodySummary = Pick<ImportSummary, 'kinds' | 'skipped'>;

/**
 * Reads a body that stands in a file for a while into the store, under a name that stays.
 * @throws AppError INPUT_UNKNOWN, SOURCE_UNREADABLE where nothing can be read in it
 */
export const importBody =
  (events: Events) =>
  async (path: string, name: string, signal: AbortSignal): Promise<BodySummary> => {
    const { kinds, skipped, failure } = await importTelemetry([path], events, { nameOf: () => name, signal });
    if (failure === undefined) return { kinds, skipped };
    if (!(failure instanceof AppError) || failure.code !== 'FORMAT_UNKNOWN') throw failure;
    const reasons = skipped.map(({ file, why }) => `${file}: ${why}`).join('; ');
    throw new AppError('INPUT_UNKNOWN', reasons, { cause: failure }); // whoever sends a body names no file
  };
