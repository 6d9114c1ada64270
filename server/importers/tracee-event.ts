import type { JsonObject } from './format.js';
import { isObject, own, ownObject } from './json-record.js';
import { asNumber, asText } from './zeek-suricata-values.js';

/** One event of Tracee, whichever shape it was written in. */
export interface TraceeEvent {
  name: string;
  time: unknown;
  returnValue: number | undefined;
  process: { name?: string | undefined; path?: string | undefined; pid: unknown; entity: unknown; user: unknown };
  parent: { path?: string | undefined; pid: unknown; entity: unknown };
  host: string | undefined;
  container: { id: string | undefined; name: string | undefined; image: string | undefined };
  pod: { name: string | undefined; namespace: string | undefined };
  /** A named value of the event. */
  data(name: string): unknown;
}

/** Cheap: the flat shape (`eventName`), or the nested one of the event API (`workload`). */
export const isTraceeEvent = (record: JsonObject): boolean =>
  Object.hasOwn(record, 'eventName')
    ? Object.hasOwn(record, 'timestamp') && Object.hasOwn(record, 'args')
    : ownObject(record, 'workload') !== undefined && Object.hasOwn(record, 'name') && Object.hasOwn(record, 'data');

export const traceeEventOf = (record: JsonObject): TraceeEvent =>
  Object.hasOwn(record, 'eventName') ? ofFlat(record) : ofNested(record);

const textAt = (object: JsonObject | undefined, name: string): string | undefined =>
  object && asText(own(object, name));

function ofFlat(record: JsonObject): TraceeEvent {
  const container = ownObject(record, 'container');
  const pod = ownObject(record, 'kubernetes');
  return {
    name: textAt(record, 'eventName') ?? '',
    time: own(record, 'timestamp'),
    returnValue: asNumber(own(record, 'returnValue')),
    process: {
      name: textAt(record, 'processName'),
      path: textAt(ownObject(record, 'executable'), 'path'),
      pid: own(record, 'hostProcessId') ?? own(record, 'processId'),
      entity: own(record, 'processEntityId'),
      user: own(record, 'userId'),
    },
    parent: { pid: own(record, 'hostParentProcessId'), entity: own(record, 'parentEntityId') },
    host: textAt(record, 'hostName'),
    container: {
      id: textAt(container, 'id') ?? textAt(record, 'containerId'),
      name: textAt(container, 'name') ?? textAt(record, 'containerName'),
      image: textAt(container, 'image') ?? textAt(record, 'containerImage'),
    },
    pod: {
      name: textAt(pod, 'podName') ?? textAt(record, 'podName'),
      namespace: textAt(pod, 'podNamespace') ?? textAt(record, 'podNamespace'),
    },
    data: dataOf(own(record, 'args'), (item) => own(item, 'value')),
  };
}

/** JSON of protocol buffers: names in either case, one key for each type of value. */
function ofNested(record: JsonObject): TraceeEvent {
  const workload = ownObject(record, 'workload') ?? {};
  const process = ownObject(workload, 'process') ?? {};
  const ancestors = own(process, 'ancestors');
  const parent = Array.isArray(ancestors) && isObject(ancestors[0]) ? ancestors[0] : {};
  const container = ownObject(workload, 'container');
  const k8s = ownObject(workload, 'k8s') ?? {};
  const data = dataOf(own(record, 'data'), (item) => {
    const [key] = Object.keys(item).filter((name) => name !== 'name');
    return key === undefined ? undefined : own(item, key);
  });
  return {
    name: textAt(record, 'name') ?? '',
    time: own(record, 'timestamp'),
    returnValue: asNumber(data('returnValue')),
    process: {
      name: textAt(ownObject(process, 'thread'), 'name'),
      path: textAt(ownObject(process, 'executable'), 'path'),
      pid: either(process, 'hostPid', 'host_pid'),
      entity: either(process, 'uniqueId', 'unique_id'),
      user: own(ownObject(process, 'realUser') ?? ownObject(process, 'real_user') ?? {}, 'id'),
    },
    parent: {
      path: textAt(ownObject(parent, 'executable'), 'path'),
      pid: either(parent, 'hostPid', 'host_pid'),
      entity: either(parent, 'uniqueId', 'unique_id'),
    },
    host: undefined,
    container: {
      id: textAt(container, 'id'),
      name: textAt(container, 'name'),
      image: textAt(container && ownObject(container, 'image'), 'name'),
    },
    pod: { name: textAt(ownObject(k8s, 'pod'), 'name'), namespace: textAt(ownObject(k8s, 'namespace'), 'name') },
    data,
  };
}

const either = (object: JsonObject, one: string, other: string): unknown => own(object, one) ?? own(object, other);

/** Values by name: a list of named ones, or an object of them. */
function dataOf(values: unknown, pick: (item: JsonObject) => unknown): (name: string) => unknown {
  if (isObject(values)) return (name) => own(values, name);
  const items = Array.isArray(values) ? values.filter(isObject) : [];
  const named = new Map(items.map((item) => [own(item, 'name'), pick(item)]));
  return (name) => named.get(name);
}
