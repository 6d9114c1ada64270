/** A contact as the simulated files tell it, read in the plainest way: no importer, no table. */
export interface SeenContact {
  at: number;
  /** Program on a host, or an address. */
  who: string;
  destination: string;
  port: number;
  transport: string;
  isFailed: boolean;
}

interface WindowsRecord {
  '@timestamp': string;
  host: { name: string };
  winlog: { event_id: string; event_data: Record<string, string> };
}

interface DefendRecord {
  '@timestamp': string;
  event: { action: string };
  host: { name: string };
  process: { executable: string };
  destination: { ip: string; port: number };
  network: { transport: string };
}

interface ZeekRecord {
  ts: number;
  'id.orig_h': string;
  'id.resp_h': string;
  'id.resp_p': number;
  proto: string;
  conn_state: string;
}

/** The contacts in one line of one simulated file. */
export function contactsIn(file: string, line: string): SeenContact[] {
  const record: unknown = JSON.parse(line);
  if (file === 'winlogbeat.ndjson') return fromWindows(record as WindowsRecord);
  if (file === 'defend.ndjson') return fromDefend(record as DefendRecord);
  return file === 'zeek-conn.log' ? [fromZeek(record as ZeekRecord)] : [];
}

const program = (host: string, executable: string): string => `${host} ${executable.toLowerCase()}`;

function fromWindows({
  '@timestamp': time,
  host,
  winlog: { event_id, event_data: data },
}: WindowsRecord): SeenContact[] {
  const at = Date.parse(time);
  if (event_id === '3') {
    const { Image = '', DestinationIp = '', DestinationPort, Protocol = '' } = data;
    const port = Number(DestinationPort);
    return [
      { at, who: program(host.name, Image), destination: DestinationIp, port, transport: Protocol, isFailed: false },
    ];
  }
  if (event_id !== '5156' && event_id !== '5157') return [];
  const { Application = '', Direction, SourceAddress = '', DestAddress = '', DestPort, Protocol } = data;
  const executable = Application.replace(String.raw`\device\harddiskvolume3`, 'c:');
  return [
    {
      at,
      who: Direction === '%%14593' ? program(host.name, executable) : SourceAddress,
      destination: DestAddress,
      port: Number(DestPort),
      transport: Protocol === '6' ? 'tcp' : 'udp',
      isFailed: event_id === '5157',
    },
  ];
}

const fromDefend = (record: DefendRecord): SeenContact[] =>
  record.event.action !== 'connection_attempted'
    ? []
    : [
        {
          at: Date.parse(record['@timestamp']),
          who: program(record.host.name, record.process.executable),
          destination: record.destination.ip,
          port: record.destination.port,
          transport: record.network.transport,
          isFailed: false,
        },
      ];

const fromZeek = (record: ZeekRecord): SeenContact => ({
  at: record.ts * 1000,
  who: record['id.orig_h'],
  destination: record['id.resp_h'],
  port: record['id.resp_p'],
  transport: record.proto,
  isFailed: record.conn_state !== 'SF',
});

/** Contacts of each program or address, in their order. */
export function bySubject(contacts: readonly SeenContact[]): Map<string, SeenContact[]> {
  const subjects = new Map<string, SeenContact[]>();
  for (const contact of contacts) {
    const known = subjects.get(contact.who);
    if (known) known.push(contact);
    else subjects.set(contact.who, [contact]);
  }
  return subjects;
}

/** The most distinct values in any closed window. `values` are in the order of time. */
export function mostDistinct(values: readonly { at: number; value: string }[], windowMs: number): number {
  const inWindow = new Map<string, number>();
  let oldest = 0;
  let most = 0;
  for (const { at, value } of values) {
    inWindow.set(value, (inWindow.get(value) ?? 0) + 1);
    for (; values[oldest]!.at < at - windowMs; oldest++) {
      const left = values[oldest]!.value;
      const count = inWindow.get(left)! - 1;
      if (count === 0) inWindow.delete(left);
      else inWindow.set(left, count);
    }
    most = Math.max(most, inWindow.size);
  }
  return most;
}
