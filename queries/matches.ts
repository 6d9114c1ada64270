import { type EcsDocument, readAll, readScalars } from './document.js';
import type { Filter, Scalar } from './filter.js';

/**
 * Judges one document by a filter, as an index would: an array matches when any member does, numbers and numeric
 * text are the same (a keyword field holds text), and an absent field matches nothing but `not`.
 */
export function matches(filter: Filter, document: EcsDocument): boolean {
  switch (filter.kind) {
    case 'all':
      return filter.filters.every((part) => matches(part, document));
    case 'any':
      return filter.filters.some((part) => matches(part, document));
    case 'not':
      return !matches(filter.filter, document);
    case 'exists':
      return readAll(document, filter.field).length > 0;
    case 'equals':
      return readScalars(document, filter.field).some((value) => isSame(value, filter.value));
    case 'oneOf':
      return readScalars(document, filter.field).some((value) => filter.values.some((wanted) => isSame(value, wanted)));
    case 'startsWith':
      return readScalars(document, filter.field).some((value) => String(value).startsWith(filter.prefix));
    case 'contains':
      return readScalars(document, filter.field).some((value) => String(value).includes(filter.text));
    case 'range':
      return readScalars(document, filter.field).some((value) => {
        const number = value === '' || typeof value === 'boolean' ? Number.NaN : Number(value);
        return number >= (filter.from ?? -Infinity) && number <= (filter.to ?? Infinity);
      });
    default:
      return unreachable(filter);
  }
}

const isSame = (value: Scalar, wanted: Scalar): boolean => value === wanted || String(value) === String(wanted);

const unreachable = (filter: never): never => {
  throw new TypeError(`Unknown filter: ${JSON.stringify(filter)}`);
};
