import { type EcsDocument, isScalar, readerOf } from './document.js';
import type { Filter, Scalar } from './filter.js';

/** Whether a document matches the filter that it was made of. */
export type Judge = (document: EcsDocument) => boolean;

const judges = new WeakMap<Filter, Judge>();

/** The filter as one function, made once: judges every document as `matches` does, several times faster. */
export function judgeOf(filter: Filter): Judge {
  const known = judges.get(filter);
  if (known) return known;
  const judge = toJudge(filter);
  judges.set(filter, judge);
  return judge;
}

function toJudge(filter: Filter): Judge {
  switch (filter.kind) {
    case 'all': {
      const parts = filter.filters.map(judgeOf);
      return (document) => {
        for (const part of parts) if (!part(document)) return false;
        return true;
      };
    }
    case 'any': {
      const parts = filter.filters.map(judgeOf);
      return (document) => {
        for (const part of parts) if (part(document)) return true;
        return false;
      };
    }
    case 'not': {
      const part = judgeOf(filter.filter);
      return (document) => !part(document);
    }
    case 'exists': {
      const readField = readerOf(filter.field);
      return (document) => {
        const value = readField(document);
        return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null;
      };
    }
    case 'equals': {
      const wanted = String(filter.value);
      return someScalar(filter.field, (value) => String(value) === wanted);
    }
    case 'oneOf': {
      const wanted = new Set(filter.values.map(String));
      return someScalar(filter.field, (value) => wanted.has(String(value)));
    }
    case 'startsWith':
      return someScalar(filter.field, (value) => String(value).startsWith(filter.prefix));
    case 'contains':
      return someScalar(filter.field, (value) => String(value).includes(filter.text));
    case 'range': {
      const { from = -Infinity, to = Infinity } = filter;
      return someScalar(filter.field, (value) => {
        const number = value === '' || typeof value === 'boolean' ? Number.NaN : Number(value);
        return number >= from && number <= to;
      });
    }
  }
}

function someScalar(field: string, isWanted: (value: Scalar) => boolean): Judge {
  const readField = readerOf(field);
  return (document) => {
    const value = readField(document);
    if (Array.isArray(value)) return value.some((member) => isScalar(member) && isWanted(member));
    return isScalar(value) && isWanted(value);
  };
}
