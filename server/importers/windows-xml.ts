import type { JsonObject } from './format.js';

const ELEMENT = /<(EventID|Channel|Computer|EventRecordID)(?: [^<>]*)?>([^<]*)</g;
const DATA = /<Data Name=["']([^"'<>]{1,64})["']\s*(?:>([^<]*)<|\/>)/g;
const PROVIDER = /<Provider Name=["']([^"'<>]{1,128})["']/;
const CREATED = /<TimeCreated SystemTime=["']([^"'<>]{1,40})["']/;

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const decoded = (text: string): string =>
  text.replace(/&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([\da-f]{1,6}));/gi, (whole, name, decimal, hex) => {
    if (name) return ENTITIES[String(name).toLowerCase()] ?? whole;
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });

/** The named values of `<EventData>`, or of Azure's `<DataItem>` around it. Not a general reader of XML. */
export function dataOfXml(xml: string): JsonObject {
  return Object.fromEntries([...xml.matchAll(DATA)].map(([, name, value]) => [name, decoded(value ?? '')]));
}

/** An `<Event>` as Windows and Sysmon for Linux render it, in the names of the flat JSON shape. */
export function eventOfXml(xml: string): JsonObject {
  const head = xml.slice(0, xml.indexOf('</System>')); // the event's own data may name a channel or a computer too
  const system = Object.fromEntries([...head.matchAll(ELEMENT)].map(([, name, value]) => [name, decoded(value ?? '')]));
  return {
    ...system,
    SourceName: PROVIDER.exec(head)?.[1],
    TimeCreated: CREATED.exec(head)?.[1],
    EventData: dataOfXml(xml),
  };
}
