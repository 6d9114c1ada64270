import { TRAITS } from '../../queries/compile/traits.js';

/**
 * The embedded store: telemetry as narrow rows, one table a kind, with what the hunt groups and filters by; the record
 * as it was read stands in `originals` under the same number. `number` counts events in the order they were committed:
 * it is the embedded store's arrival clock. Times are epoch milliseconds.
 */
export type ColumnType = 'BIGINT' | 'INTEGER' | 'UINTEGER' | 'UTINYINT' | 'VARCHAR' | 'BOOLEAN' | 'UHUGEINT' | 'JSON';

const origin = { number: 'BIGINT', time: 'BIGINT' } as const;

/** Who: `analytic` is set where the document itself decides it, null for flows (decided by who holds the address). */
const who = {
  subject: 'VARCHAR',
  is_process: 'BOOLEAN',
  platform: 'VARCHAR',
  container: 'VARCHAR',
  host: 'VARCHAR',
  host_name: 'VARCHAR',
  /** process.entity_id, else `pid:` and the pid. */
  process: 'VARCHAR',
} as const;

export const tables = {
  contacts: {
    ...origin,
    ...who,
    source: 'VARCHAR',
    destination: 'VARCHAR',
    /** The destination as a number, IPv4 as ::ffff:a.b.c.d: ranges of own networks are compared with it. */
    destination_number: 'UHUGEINT',
    port: 'INTEGER',
    transport: 'VARCHAR',
    outcome: 'VARCHAR',
    /** own | foreign | self, by the standard ranges alone. */
    scope: 'VARCHAR',
    context: 'VARCHAR',
    user: 'VARCHAR',
    namespace: 'VARCHAR',
    destination_namespace: 'VARCHAR',
    sensor: 'VARCHAR',
    /** `subjectHash` of the subject: grouped and sought by many times faster than its text. Two subjects may share one. */
    subject_hash: 'UINTEGER',
    /** `traitsOf` the contact. */
    traits: 'UTINYINT',
  },
  launches: {
    ...origin,
    ...who,
    parent: 'VARCHAR',
    /** Beside entity ids: a program started by exec keeps its pid. */
    pid: 'BIGINT',
    parent_pid: 'BIGINT',
    executable: 'VARCHAR',
    name: 'VARCHAR',
    original_name: 'VARCHAR',
    /** The arguments joined by one space. */
    arguments: 'VARCHAR',
    parent_executable: 'VARCHAR',
    parent_arguments: 'VARCHAR',
    user: 'VARCHAR',
    context: 'VARCHAR',
    hash: 'VARCHAR',
  },
  /** Raw sockets made, process ends, names looked up. */
  process_events: { ...origin, ...who, kind: 'VARCHAR', value: 'VARCHAR' },
  queries: { ...origin, ...who, source: 'VARCHAR', name: 'VARCHAR', hash: 'VARCHAR' },
  arps: { ...origin, subject: 'VARCHAR', source: 'VARCHAR', target: 'VARCHAR', is_reply: 'BOOLEAN' },
  /** Which host was seen with an address, from `time` to `last`. */
  holders: {
    ...origin,
    last: 'BIGINT',
    address: 'VARCHAR',
    host: 'VARCHAR',
    host_name: 'VARCHAR',
    container: 'VARCHAR',
    platform: 'VARCHAR',
  },
  originals: { number: 'BIGINT', index: 'VARCHAR', id: 'VARCHAR', original: 'VARCHAR' },
  /** Contacts of events before `until` lie by hour and subject, the others as they came. One row, or none. */
  arranged: { until: 'BIGINT' },
  batches: { key: 'VARCHAR', number: 'BIGINT', events: 'INTEGER' },
  documents: { kind: 'VARCHAR', id: 'VARCHAR', version: 'BIGINT', body: 'JSON' },
} as const satisfies Record<string, Record<string, ColumnType>>;

export type TableName = keyof typeof tables;
type Cell = string | number | bigint | boolean | null;
export type Row<T extends TableName> = { -readonly [Column in keyof (typeof tables)[T]]: Cell };

/** Where a row is found by what: only small tables have keys, as a key makes appending many times slower. */
const keys: Partial<Record<TableName, string>> = { batches: 'key', documents: 'kind, id' };

/** The statements that make the tables where they are missing, and what tables of earlier versions lack. */
export function createStatements(): string[] {
  const created = Object.entries(tables).map(([table, columns]) => {
    const definitions = Object.entries(columns).map(([name, type]) => `"${name}" ${type}`);
    const key = keys[table as TableName];
    if (key) definitions.push(`PRIMARY KEY (${key})`);
    return `CREATE TABLE IF NOT EXISTS ${table} (${definitions.join(', ')})`;
  });
  return [
    ...created,
    'ALTER TABLE contacts ADD COLUMN IF NOT EXISTS subject_hash UINTEGER',
    `UPDATE contacts SET subject_hash = ${SUBJECT_HASH} WHERE subject_hash IS NULL`,
    'ALTER TABLE contacts ADD COLUMN IF NOT EXISTS traits UTINYINT',
    `UPDATE contacts SET traits = ${TRAITS} WHERE traits IS NULL`,
  ];
}

/** As `subjectHash` makes it. */
export const SUBJECT_HASH = '(md5_number_lower(subject) & 4294967295)::UINTEGER';
