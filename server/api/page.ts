import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../model/app-error.js';
import type { DocumentQuery, Documents, Kind, Versioned } from '../model/ports.js';

export interface PageRequest {
  where: NonNullable<DocumentQuery['where']>;
  sort: NonNullable<DocumentQuery['sort']>;
  limit: number;
  cursor?: string | undefined;
}

export interface Page<T> {
  documents: Versioned<T>[];
  /** Where the next page begins; null at the end. */
  cursor: string | null;
}

/** One page of documents in an order that is total, so that pages neither overlap nor leave out what does not change. */
export async function readPage<T>(documents: Documents, kind: Kind, request: PageRequest): Promise<Page<T>> {
  const { where, sort, limit, cursor } = request;
  const after = cursor === undefined ? undefined : readCursor(cursor, request);
  const found = await documents.query<T>(kind, { where, sort, limit: limit + 1, ...(after && { after }) });
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  return { documents: page, cursor: last ? writeCursor(last, request) : null };
}

type Place = NonNullable<DocumentQuery['after']>;

function writeCursor({ id, body }: Versioned<unknown>, request: PageRequest): string {
  const value = request.sort.path.split('.').reduce<unknown>((inner, name) => Object(inner)[name], body);
  const place = Buffer.from(JSON.stringify([value, id])).toString('base64url');
  return `${place}.${checksum(place, request)}`;
}

const Content = z.tuple([z.union([z.string(), z.number()]), z.string()]);

function readCursor(cursor: string, request: PageRequest): Place {
  const [place = '', sum, ...more] = cursor.split('.');
  if (more.length > 0 || sum !== checksum(place, request))
    throw new AppError('REQUEST_INVALID', 'cursor: not one that this list gave for this sort and these filters');
  const [value, id] = Content.parse(JSON.parse(Buffer.from(place, 'base64url').toString()));
  return { value, id };
}

/**
 * Holds the cursor to its list. No secret: it guards against mistakes, and a forged place shows nothing that a plain
 * request would not. So it outlives a restart.
 */
const checksum = (place: string, { where, sort }: PageRequest): string =>
  createHash('sha256')
    .update(JSON.stringify([place, sort, where]))
    .digest('base64url')
    .slice(0, 16);
