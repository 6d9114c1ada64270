import type { EcsDocument } from '../../queries/document.js';
import { type JsonFormat, type JsonObject, Rejected } from './format.js';
import { isoOfSeconds, numberAt, objectsAt, present, textAt } from './host-values.js';
import { ownObject } from './json-record.js';
import { fieldsOfRow, platformOfRow } from './osquery-row.js';

/**
 * osquery's results, one row a line (differential), or all rows of a query in one (snapshot, batch). Read are the rows
 * of event tables that tell of connections and processes, known by their columns; `removed` rows and states (open
 * sockets, running processes) tell of no event. The rest of a document is what Elastic's osquery integration writes.
 *
 * An event has whole seconds. The system is read from the decorations, else from what only one system has; the user
 * that decorates a line is whoever is logged in, not whose process it is, and is left out.
 */
export const osqueryResults: JsonFormat = {
  name: 'osquery results',
  recognizes: (record) =>
    Object.hasOwn(record, 'hostIdentifier') &&
    Object.hasOwn(record, 'name') &&
    ['columns', 'snapshot', 'diffResults'].some((name) => Object.hasOwn(record, name)),
  toDocuments: (record) => rowsOf(record).flatMap((row) => documentsOfRow(record, row)),
};

function rowsOf(record: JsonObject): JsonObject[] {
  const differences = ownObject(record, 'diffResults');
  if (differences) return objectsAt(differences, 'added');
  const columns = ownObject(record, 'columns');
  if (columns) return textAt(record, 'action') === 'removed' ? [] : [columns];
  return objectsAt(record, 'snapshot');
}

function documentsOfRow(record: JsonObject, row: JsonObject): EcsDocument[] {
  const query = textAt(record, 'name') ?? '';
  const fields = fieldsOfRow(row, query);
  if (!fields) return [];
  const time = isoOfSeconds(numberAt(row, 'time') ?? numberAt(record, 'unixTime'));
  if (time === undefined) throw new Rejected('no_time', 'Neither time nor unixTime is in seconds since 1970');
  const host = textAt(record, 'hostIdentifier');
  const decorations = ownObject(record, 'decorations');
  const document = present({
    '@timestamp': time,
    'event.kind': 'event',
    'event.module': 'osquery',
    'event.dataset': 'osquery.result',
    'event.action': textAt(record, 'action') ?? 'added',
    ...fields,
    'host.name': host,
    'host.hostname': host,
    'host.id': textAt(decorations, 'host_uuid'),
    'host.os.type': systemOf(decorations) ?? platformOfRow(row),
    'rule.name': query,
    'osquery.result.name': query,
    'osquery.result.host_identifier': host,
    'osquery.result.columns': withoutEmpty(row),
  });
  return [document];
}

/** `SELECT platform FROM os_version`, as osquery's documentation decorates. */
function systemOf(decorations: JsonObject | undefined): string | undefined {
  const platform = textAt(decorations, 'platform')?.toLowerCase();
  if (platform === undefined) return undefined;
  if (platform === 'darwin') return 'macos';
  return platform === 'windows' ? 'windows' : 'linux';
}

const withoutEmpty = (row: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== '' && value !== null));
