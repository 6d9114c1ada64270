import type { RequestHandler } from 'express';
import type { Alert } from '../model/alert.js';
import type { Documents } from '../model/ports.js';
import { AlertQuery, toAlertPage } from './alert-query.js';
import { readPage } from './page.js';
import { readInput } from './read-query.js';

/** GET /api/alerts */
export const listAlerts =
  (documents: Documents): RequestHandler =>
  async (req, res) => {
    const query = readInput(AlertQuery, req.query);
    const page = await readPage<Alert>(documents, 'alert', toAlertPage(query));
    res.json({ alerts: page.documents.map(({ id, body }) => ({ id, ...body })), cursor: page.cursor });
  };
