import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { Documents } from '../model/ports.js';
import { readPage } from './page.js';
import { cursor, limit, readInput } from './read-query.js';

const ChangesQuery = z.strictObject({ limit, cursor });

/** GET /api/tunables/changes: each time that they were read anew and something was other, or refused; the newest first. */
export const listTunableChanges =
  (documents: Documents): RequestHandler =>
  async (req, res) => {
    const page = await readPage<object>(documents, 'reload', {
      where: [],
      sort: { path: 'at', direction: 'desc' },
      ...readInput(ChangesQuery, req.query),
    });
    res.json({ changes: page.documents.map(({ id, body }) => ({ id, ...body })), cursor: page.cursor });
  };
