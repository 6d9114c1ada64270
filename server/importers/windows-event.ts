import type { JsonObject } from './format.js';
import { isObject, own, ownObject } from './json-record.js';
import { textOf } from './windows-values.js';
import { dataOfXml, eventOfXml } from './windows-xml.js';

/** An event of a Windows log (or of Sysmon for Linux), whatever exported it. */
export interface WindowsEvent {
  id: string;
  channel: string;
  provider: string;
  computer?: string;
  record?: string;
  /** When the log took it, as written. */
  logged?: string;
  /** What the host is called by the agent that read it there. */
  agentHost?: JsonObject;
  /** A named value of the event. */
  data(name: string): string | undefined;
}

/** Where flat shapes name the source; Sentinel's tables have it by three names. */
const PROVIDERS = ['SourceName', 'EventSourceName', 'Source', 'Provider'];

/** Cheap: does this look like a Windows event in one of the shapes that `windowsEventOf` reads? */
export function isWindowsEvent(record: JsonObject): boolean {
  if (Object.hasOwn(record, 'EventID')) return ['Channel', ...PROVIDERS].some(has(record));
  const system = own(record, 'Event');
  if (isObject(system)) return ownObject(system, 'System') !== undefined;
  const winlog = ownObject(record, 'winlog');
  if (winlog) return Object.hasOwn(winlog, 'event_id') && !isMapped(record);
  if (Object.hasOwn(record, 'event_id') && Object.hasOwn(record, 'log_name')) return true;
  return xmlOf(record) !== undefined && !isMapped(record);
}

const has =
  (record: JsonObject) =>
  (name: string): boolean =>
    Object.hasOwn(record, name);

/** An ingest pipeline has made ECS of it, which is then read as such. */
const isMapped = (record: JsonObject): boolean =>
  Object.hasOwn(record, 'event.category') || Object.hasOwn(ownObject(record, 'event') ?? {}, 'category');

/** Where agents that carry syslog put a message: Azure's, journald's, Filebeat's. */
const MESSAGES = ['SyslogMessage', 'MESSAGE', 'message'];

/** A message that is an event as XML. */
function xmlOf(record: JsonObject): string | undefined {
  for (const name of MESSAGES) {
    const message = own(record, name);
    const text = Array.isArray(message) ? textOfBytes(message) : message;
    if (typeof text === 'string' && /^<Event[ >]/.test(text)) return text;
  }
  return undefined;
}

/** journald writes a message as bytes where it holds a character that is not printable. */
const textOfBytes = (bytes: unknown[]): string | undefined =>
  bytes[0] === LESS_THAN ? Buffer.from(bytes.map(Number)).toString() : undefined;

const LESS_THAN = 0x3c;

/** @returns undefined where it lacks an event id, a channel or a source */
export function windowsEventOf(record: JsonObject): WindowsEvent | undefined {
  const event = ownObject(record, 'Event');
  if (event) return ofTree(event);
  const winlog = ownObject(record, 'winlog');
  if (winlog) return ofWinlogbeat(record, winlog);
  if (Object.hasOwn(record, 'event_id')) return ofOldWinlogbeat(record);
  const xml = xmlOf(record);
  return xml === undefined ? ofFlat(record) : windowsEventOfXml(xml);
}

/** @param xml an `<Event>` as Windows and Sysmon for Linux render it */
export const windowsEventOfXml = (xml: string): WindowsEvent | undefined => ofFlat(eventOfXml(xml));

/** `Event.System` and `Event.EventData`, by evtx_dump (`#attributes`) or converted from XML (`@Name`). */
function ofTree(event: JsonObject): WindowsEvent | undefined {
  const system = ownObject(event, 'System') ?? {};
  return build({
    id: contentOf(own(system, 'EventID')),
    channel: own(system, 'Channel'),
    provider: attributeOf(own(system, 'Provider'), 'Name'),
    computer: own(system, 'Computer'),
    record: own(system, 'EventRecordID'),
    logged: attributeOf(own(system, 'TimeCreated'), 'SystemTime'),
    data: namedData(ownObject(event, 'EventData') ?? {}),
  });
}

const ofWinlogbeat = (record: JsonObject, winlog: JsonObject): WindowsEvent | undefined =>
  build({
    id: own(winlog, 'event_id'),
    channel: own(winlog, 'channel'),
    provider: own(winlog, 'provider_name'),
    computer: own(winlog, 'computer_name'),
    record: own(winlog, 'record_id'),
    logged: own(record, '@timestamp'),
    agentHost: ownObject(record, 'host'),
    data: ownObject(winlog, 'event_data') ?? {},
  });

/** Winlogbeat before version 7. */
const ofOldWinlogbeat = (record: JsonObject): WindowsEvent | undefined =>
  build({
    id: own(record, 'event_id'),
    channel: own(record, 'log_name'),
    provider: own(record, 'source_name'),
    computer: own(record, 'computer_name'),
    record: own(record, 'record_number'),
    logged: own(record, '@timestamp'),
    data: ownObject(record, 'event_data') ?? {},
  });

/** One level: NXLog and Logstash (OTRF's data sets), Microsoft Sentinel's tables; event data may stand in a field. */
const ofFlat = (record: JsonObject): WindowsEvent | undefined =>
  build({
    id: own(record, 'EventID'),
    channel: own(record, 'Channel') ?? own(record, 'EventLog'),
    provider: PROVIDERS.map((name) => own(record, name)).find((value) => value !== undefined),
    computer: own(record, 'Hostname') ?? own(record, 'Computer'),
    record: own(record, 'RecordNumber') ?? own(record, 'EventRecordID'),
    // NXLog's EventTime is local time without a zone; its @timestamp is when the collector took it
    logged: own(record, 'TimeCreated') ?? own(record, '@timestamp') ?? own(record, 'TimeGenerated'),
    data: nestedData(own(record, 'EventData')) ?? record,
  });

function nestedData(value: unknown): JsonObject | undefined {
  if (isObject(value)) return value;
  if (typeof value !== 'string') return undefined;
  if (value.startsWith('<')) return dataOfXml(value);
  try {
    const parsed: unknown = JSON.parse(value);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** `{Data: [{"@Name": …, "#text": …}]}` as names and values; evtx_dump has them so already. */
function namedData(eventData: JsonObject): JsonObject {
  const list = own(eventData, 'Data');
  if (!Array.isArray(list)) return eventData;
  const named = list.map((item: unknown) => [textOf(attributeOf(item, 'Name')) ?? '', contentOf(item)] as const);
  return Object.fromEntries(named);
}

/** `{"#text": x}`, or x. */
const contentOf = (value: unknown): unknown => (isObject(value) ? own(value, '#text') : value);

/** An attribute of an element: `#attributes.Name`, `@Name` or `Name`. */
function attributeOf(value: unknown, name: string): unknown {
  if (!isObject(value)) return undefined;
  return own(ownObject(value, '#attributes') ?? value, name) ?? own(value, `@${name}`);
}

type Parts = Partial<Record<Exclude<keyof WindowsEvent, 'data' | 'agentHost'>, unknown>> & {
  agentHost?: JsonObject | undefined;
  data: JsonObject;
};

function build(parts: Parts): WindowsEvent | undefined {
  const id = textOf(parts.id);
  const channel = textOf(parts.channel);
  const provider = textOf(parts.provider);
  if (id === undefined || (channel === undefined && provider === undefined)) return undefined;
  const computer = textOf(parts.computer);
  const record = textOf(parts.record);
  const logged = textOf(parts.logged);
  return {
    id,
    channel: channel ?? '',
    provider: provider ?? '',
    ...(computer !== undefined && { computer }),
    ...(record !== undefined && { record }),
    ...(logged !== undefined && { logged }),
    ...(parts.agentHost && { agentHost: parts.agentHost }),
    data: (name) => textOf(own(parts.data, name)),
  };
}
