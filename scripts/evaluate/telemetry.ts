import { readSources } from '../../server/importers/read-sources.js';
import { AppError } from '../../server/model/app-error.js';
import type { ImportedEvent } from '../../server/model/ports.js';
import { formatTime, parseTime } from '../../server/model/time.js';

/** What could be read of some files, before it is stored. */
export interface Telemetry {
  /** Formats met; none: of unknown kind. */
  formats: string[];
  events: ImportedEvent[];
  /** Records that the readers refused. */
  refused: number;
}

/** Reads files, folders or (`-`) the given text as one. */
export async function readTelemetry(paths: readonly string[], text?: AsyncIterable<Buffer>): Promise<Telemetry> {
  const read: Telemetry = { formats: [], events: [], refused: 0 };
  const formats = new Set<string>();
  try {
    for await (const step of readSources(paths, text === undefined ? {} : { stdin: text })) {
      if (step.kind === 'batch') for (const event of step.batch.events) read.events.push(event);
      if (step.kind === 'rejected') read.refused++;
      if (step.kind === 'file' && step.result.state === 'read')
        for (const format of step.result.formats) formats.add(format);
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error; // of unknown kind, or not to be read: it has no format
  }
  return { ...read, formats: [...formats].sort() };
}

/** When an event was, as the store reads it: epoch milliseconds. */
export const timeOf = ({ document }: ImportedEvent): number | undefined =>
  parseTime(document['event.start']) ?? parseTime(document['@timestamp']);

const TIMES = ['@timestamp', 'event.start', 'event.end'];

/** The same events so many milliseconds later. */
export function shift(events: readonly ImportedEvent[], byMs: number): ImportedEvent[] {
  if (byMs === 0) return [...events];
  return events.map((event) => {
    const document = { ...event.document };
    for (const field of TIMES) {
      const time = parseTime(document[field]);
      if (time !== undefined) document[field] = formatTime(time + byMs);
    }
    return { ...event, document };
  });
}
