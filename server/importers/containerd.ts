import { pidOf } from './container-fields.js';
import { type ParsedDocument, Rejected, type TextFormat, type TextParser } from './format.js';
import { isObject, own } from './json-record.js';
import { asText, documentOf, isoTime } from './zeek-suricata-values.js';

/** `2024-01-31 12:00:00.123456789 +0000 UTC k8s.io /tasks/start {…}` */
const LINE =
  /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,9})?) ([+-]\d{4}) [A-Z]{1,5} ([\w.-]{1,128}) (\/[\w/-]{1,64}) (\{.*\})\s*$/;
const READ = new Set(['/tasks/start', '/tasks/exec-started', '/tasks/exit']);

/**
 * containerd's events, as `ctr events` prints them: which processes were started in which container, and when they
 * ended. They name no program, no argument and no connection. No official integration maps them.
 */
export const containerdEvents: TextFormat = {
  name: 'containerd events',
  provenUnseen: true,
  recognizes: (head) => head.split('\n', 16).some((line) => LINE.test(line.slice(0, 4096))),
  open: (): TextParser => ({ line: parse, end: () => [], header: () => [] }),
};

function parse(text: string): ParsedDocument[] {
  if (text.trim() === '') return [];
  const [, day, clock, zone, namespace, topic = '', body = ''] = LINE.exec(text) ?? [];
  if (day === undefined) throw new Rejected('not_this_format', 'No line of ctr events');
  if (!READ.has(topic)) return [];
  const event = parseBody(body);
  const container = asText(own(event, 'container_id'));
  const id = asText(own(event, 'exec_id')) ?? asText(own(event, 'id')) ?? container;
  if (container === undefined) throw new Rejected('not_this_format', 'The event has no container_id');
  const document = documentOf({
    '@timestamp': isoTime(`${day}T${clock}${zone}`, 'time'),
    'event.kind': 'event',
    'event.category': ['process'],
    'event.type': [topic === '/tasks/exit' ? 'end' : 'start'],
    'event.module': 'containerd',
    'event.dataset': 'containerd.events',
    'event.action': topic,
    'host.os.type': 'linux',
    'process.pid': pidOf(own(event, 'pid')),
    'process.entity_id': `${container}/${id}`,
    'container.id': container,
    'container.runtime': 'containerd',
    'containerd.namespace': namespace,
  });
  return [{ document }];
}

function parseBody(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    if (isObject(value)) return value;
  } catch {
    // as below
  }
  throw new Rejected('not_json', 'The event is not a JSON object');
}
