import { type ParsedDocument, Rejected, type TextFormat } from './format.js';
import { documentsOf } from './windows.js';
import { windowsEventOfXml } from './windows-event.js';

/** Syslog's stamp, old and new, then host and program; behind RFC 5424's come its process, message id and data. */
const SYSMON =
  /^(?:<\d{1,3}>)?(?:1 )?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S{1,40}) \S{1,255} sysmon(?:(?:\[\d{1,10}\])?:| \S{1,64} \S{1,64} -) (?=<Event>)/;

/**
 * Sysmon for Linux in a syslog file, an event a line. All other lines are of no interest; so are Sysmon's own words
 * about itself. The host is the one that the event names, not the one that the collector puts before it.
 *
 * A syslog daemon cuts long lines (rsyslog at 8 KiB unless told otherwise): such an event has lost values and is
 * rejected, so raise `maxMessageSize`.
 */
export const sysmonSyslog: TextFormat = {
  name: 'Sysmon for Linux (syslog)',
  provenUnseen: true,
  recognizes: (head) => head.split('\n').some((line) => SYSMON.test(line)),
  open: () => ({ line: eventOf, end: () => [], header: () => [] }),
};

function eventOf(line: string): ParsedDocument[] {
  const before = SYSMON.exec(line)?.[0];
  if (before === undefined) return [];
  const xml = line.slice(before.length).trimEnd();
  if (!xml.endsWith('</Event>')) throw new Rejected('truncated', 'The event ends before it is complete');
  return documentsOf(windowsEventOfXml(xml)).map((document) => ({ document }));
}
