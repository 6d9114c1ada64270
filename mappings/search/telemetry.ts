import { type EcsDocument, read, readScalars } from '../../queries/document.js';
import { normalizeAddress } from '../../server/model/address.js';
import { parseTime } from '../../server/model/time.js';
import { rowFields } from '../rows.js';

/** When the engine got a document: its arrival clock. */
export const ARRIVAL = 'event.ingested';

/** Fields beside ECS: the record as it was read, and where it stood. */
export const ORIGIN = { original: 'scanhound.original', index: 'scanhound.index', id: 'scanhound.id' } as const;

type Type = 'keyword' | 'date' | 'ip' | 'long';

const TYPES: Readonly<Record<string, Type>> = {
  '@timestamp': 'date',
  'event.start': 'date',
  'source.ip': 'ip',
  'destination.ip': 'ip',
  'host.ip': 'ip',
  ...Object.fromEntries(
    [
      ...['source.port', 'source.packets', 'source.bytes', 'source.process.pid', 'server.port'],
      ...['destination.port', 'destination.packets', 'destination.bytes', 'destination.process.pid'],
      ...['process.pid', 'process.parent.pid'],
    ].map((field) => [field, 'long' as const]),
  ),
};

const typeOf = (field: string): Type => TYPES[field] ?? 'keyword';

/** A text of some agents, an object of others: it can't be mapped, and nobody asks by it. */
const UNMAPPED = new Set(['process.tty', 'process.tty.char_device.major']);

/** Texts up to so many characters can be asked by: engines refuse terms of more than 32,766 bytes. */
const LONGEST = 8_191;

/** The index of telemetry that we imported: the fields that hunts read, with ECS' types, and nothing else looked into. */
export const telemetryIndex = {
  settings: { index: { number_of_shards: 1, auto_expand_replicas: '0-1', refresh_interval: '30s' } },
  mappings: {
    dynamic: false,
    properties: Object.fromEntries<{ type: Type; ignore_above?: number }>([
      [ARRIVAL, { type: 'date' }] as const,
      ...rowFields
        .filter((field) => !UNMAPPED.has(field))
        .map((field) => {
          const type = typeOf(field);
          return [field, type === 'keyword' ? { type, ignore_above: LONGEST } : { type }] as const;
        }),
    ]),
  },
} as const;

/** A document as that index takes it: values that a field can't hold would have the engine refuse all of it. */
export function toIndexed(document: EcsDocument): EcsDocument {
  const indexed: EcsDocument = {};
  for (const field of rowFields) {
    const values = valuesOf(document, field);
    if (values.length > 0) indexed[field] = values.length === 1 ? values[0] : values;
  }
  return indexed;
}

function valuesOf(document: EcsDocument, field: string): readonly unknown[] {
  const type = typeOf(field);
  if (type === 'date') return [parseTime(read(document, field))].filter((time) => time !== undefined);
  const values = readScalars(document, field);
  if (type === 'ip') return values.map((value) => normalizeAddress(String(value))).filter((ip) => ip !== undefined);
  if (type === 'long')
    return values
      .filter((value) => value !== '')
      .map(Number)
      .filter(Number.isSafeInteger);
  return values.map((value) => (typeof value === 'string' ? Buffer.from(value).toString() : value));
}
