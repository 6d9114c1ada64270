/** Columns that each of Zeek's logs of connections begins with, with their types. */
const CONNECTION = {
  ts: 'time',
  uid: 'string',
  'id.orig_h': 'addr',
  'id.orig_p': 'port',
  'id.resp_h': 'addr',
  'id.resp_p': 'port',
  proto: 'enum',
} as const;

/** The columns of Zeek's text logs, in their order. */
const COLUMNS = {
  conn: {
    ...CONNECTION,
    service: 'string',
    duration: 'interval',
    orig_bytes: 'count',
    resp_bytes: 'count',
    conn_state: 'string',
    local_orig: 'bool',
    local_resp: 'bool',
    missed_bytes: 'count',
    history: 'string',
    orig_pkts: 'count',
    orig_ip_bytes: 'count',
    resp_pkts: 'count',
    resp_ip_bytes: 'count',
  },
  dns: {
    ...CONNECTION,
    trans_id: 'count',
    rtt: 'interval',
    query: 'string',
    qclass: 'count',
    qclass_name: 'string',
    qtype: 'count',
    qtype_name: 'string',
    rcode: 'count',
    rcode_name: 'string',
    AA: 'bool',
    TC: 'bool',
    RD: 'bool',
    RA: 'bool',
    Z: 'count',
    answers: 'vector[string]',
    TTLs: 'vector[interval]',
    rejected: 'bool',
  },
} as const;

/** Writes records of one log as lines with tabs, after the lines that name the columns. */
export class ZeekText {
  readonly #columns: readonly [name: string, type: string][];
  #isBegun = false;

  constructor(private readonly path: keyof typeof COLUMNS) {
    this.#columns = Object.entries(COLUMNS[path]);
  }

  write(record: object): string[] {
    const values = new Map(Object.entries(record));
    const line = this.#columns.map(([name, type]) => cell(values.get(name), type)).join('\t');
    if (this.#isBegun) return [line];
    this.#isBegun = true;
    return [...this.#head(), line];
  }

  #head(): string[] {
    return [
      ...['#separator \\x09', '#set_separator\t,', '#empty_field\t(empty)', '#unset_field\t-', `#path\t${this.path}`],
      `#fields\t${this.#columns.map(([name]) => name).join('\t')}`,
      `#types\t${this.#columns.map(([, type]) => type).join('\t')}`,
    ];
  }
}

function cell(value: unknown, type: string): string {
  if (value === undefined) return '-';
  if (Array.isArray(value)) return value.map((item) => cell(item, type.slice('vector['.length, -1))).join(',');
  if (typeof value === 'boolean') return value ? 'T' : 'F';
  if (typeof value === 'number' && (type === 'time' || type === 'interval')) return value.toFixed(6);
  return String(value).replaceAll('\\', String.raw`\\`).replaceAll('\t', String.raw`\x09`);
}
