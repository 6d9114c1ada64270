import { readText } from '../../queries/document.js';
import { type JsonFormat, type JsonObject, Rejected } from './format.js';

/** Objects of ECS that show, with a time, that a record is one of its documents. */
const OBJECTS = new Set(['event', 'ecs', 'agent', 'process', 'source', 'destination', 'winlog', 'data_stream']);
/** Without a time these show it still, so that the record is rejected rather than unknown. */
const MARKS = ['ecs.version', 'event.kind', 'event.category', 'event.dataset', 'event.module'];

const hasObject = (record: JsonObject): boolean =>
  Object.keys(record).some((key) => OBJECTS.has(key.split('.', 1)[0] ?? ''));

/**
 * Documents that are ECS already, nested or dotted, as Beats, Elastic Agent and Elastic Defend write them; they pass as
 * they are. Last of the formats, for what others map better must be theirs.
 */
export const ecs: JsonFormat = {
  name: 'ECS documents',
  recognizes: (record) =>
    Object.hasOwn(record, '@timestamp') ? hasObject(record) : MARKS.filter((mark) => readText(record, mark)).length > 1,
  toDocuments(record) {
    if (readText(record, '@timestamp') === undefined) throw new Rejected('no_time', 'No @timestamp');
    return [record];
  },
};
