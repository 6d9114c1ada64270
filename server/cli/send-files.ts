import { findSources } from '../importers/find-sources.js';
import { addKind } from '../importers/kind-summary.js';
import { MOST_BODY_BYTES } from '../jobs/intake.js';
import { AppError } from '../model/app-error.js';
import type { ImportSummary } from '../plugin.js';
import { sendTelemetry } from './send-telemetry.js';

interface SendOptions {
  /** Told of the bytes sent so far, and of all there are. */
  onProgress: (sent: number, total: number) => void;
  signal: AbortSignal;
}

/**
 * Imports files, folders and patterns through a service, file by file. Like an import of one's own it goes on behind a
 * file that can't be read, skips what a folder or pattern holds of unknown kind, and fails at its end where one given by
 * name could not be read, or any was too large.
 * @throws AppError SOURCE_NOT_FOUND, USAGE before anything is sent
 */
export async function sendFiles(
  given: readonly string[],
  service: URL,
  { onProgress, signal }: SendOptions,
): Promise<ImportSummary> {
  const sources = await findSources(given);
  if (sources.some(({ bytes }) => bytes === undefined))
    throw new AppError('USAGE', 'Only files can be sent by --url; curl --data-binary @- sends standard input.');
  const total = sources.reduce((sum, { bytes = 0 }) => sum + bytes, 0);
  const summary: ImportSummary = { kinds: [], skipped: [], keptAside: 0 };
  const failed: AppError[] = [];
  let sent = 0;
  for (const { path, bytes = 0, isNamed } of sources) {
    try {
      if (bytes > MOST_BODY_BYTES) throw new AppError('BODY_TOO_LARGE', `${path} has ${bytes} bytes.`);
      const { kinds, skipped } = await sendTelemetry(path, service, signal);
      for (const kind of kinds) addKind(summary.kinds, kind);
      summary.skipped.push(...skipped);
    } catch (error) {
      const { message, status } = error instanceof AppError ? error : { message: '', status: 500 };
      if (status === 422 && !isNamed) summary.skipped.push({ file: path, why: message.replace(`${path}: `, '') });
      else if (status === 422 || status === 413) failed.push(error as AppError);
      else return { ...summary, failure: error };
    }
    sent += bytes;
    onProgress(sent, total);
  }
  const [first] = failed;
  if (first) summary.failure = new AppError(first.code, failed.map(({ message }) => message).join('; '));
  else if (summary.kinds.length === 0)
    summary.failure = new AppError('INPUT_UNKNOWN', `Nothing that can be read in ${given.join(', ')}.`);
  return summary;
}
