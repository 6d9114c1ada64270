import type { RequestHandler } from 'express';
import type { ApiPorts } from './ports.js';

/** POST /api/backup: 201 with the file that was made, where the service keeps them. */
export const createBackup =
  ({ backUp }: Pick<ApiPorts, 'backUp'>): RequestHandler =>
  async (_req, res) => {
    res.status(201).json(await backUp()); // { file, bytes, events }
  };
