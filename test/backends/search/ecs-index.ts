import { ARRIVAL } from '../../../mappings/search/telemetry.js';
import { type FieldUse, fieldNeeds } from '../../../queries/needed-fields.js';

const TYPES: Readonly<Record<FieldUse, string>> = { keyword: 'keyword', ip: 'ip', date: 'date', number: 'long' };

/** Mappings as ECS has them, of all that hunts need. */
export const ecsMappings = {
  properties: Object.fromEntries([
    [ARRIVAL, { type: 'date' }],
    ...fieldNeeds.flatMap(({ fields, uses }) => fields.map((field) => [field, { type: TYPES[uses[0]] }])),
  ]),
};
