import type { Kind } from '../../server/model/ports.js';

/**
 * How a field of a body is kept beside it, to be asked and sorted by: texts exactly, in the order of their code points;
 * times as `formatTime` writes them; numbers as doubles, which JavaScript's are.
 */
export type FieldType = 'keyword' | 'date' | 'double';

/** The fields that each kind is asked or sorted by, by their dotted paths. Others can't be. */
export type DocumentFields = Readonly<Record<Kind, Readonly<Record<string, FieldType>>>>;

const alert = {
  '@timestamp': 'date',
  'event.start': 'date',
  'event.end': 'date',
  'event.risk_score': 'double',
  'scanhound.analytic': 'keyword',
  'scanhound.state': 'keyword',
  'scanhound.severity': 'keyword',
  'scanhound.shape': 'keyword',
  'scanhound.targets.hosts': 'double',
  'scanhound.targets.sockets': 'double',
  'related.hosts': 'keyword',
  'related.user': 'keyword',
  'source.ip': 'keyword',
  'process.name': 'keyword',
  'process.executable': 'keyword',
} as const;

export const documentFields: DocumentFields = {
  alert,
  silenced: alert,
  head: { analytic: 'keyword', first: 'double', last: 'double' },
  run: { analytic: 'keyword', state: 'keyword', started: 'date' },
  mark: {},
  import: {},
  job: {},
  health: {},
  lease: {},
  arrivals: { day: 'double' },
  reload: { at: 'date' },
};

/**
 * The index of one kind. Each document holds those fields, its id as `document_key`, and under `document` all of it as
 * it was given: stored and not looked into, whatever its fields are called.
 */
export const documentIndex = (fields: Readonly<Record<string, FieldType>>) => ({
  settings: { index: { number_of_shards: 1, auto_expand_replicas: '0-1' } },
  mappings: {
    dynamic: false,
    properties: {
      document_key: { type: 'keyword' },
      document: { type: 'object', enabled: false },
      ...Object.fromEntries(Object.entries(fields).map(([path, type]) => [path, { type }])),
    },
  },
});
