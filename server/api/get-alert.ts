import type { RequestHandler } from 'express';
import type { Alert } from '../model/alert.js';
import { AppError } from '../model/app-error.js';
import type { Original } from '../model/ports.js';
import type { ApiPorts } from './ports.js';

/** An original may be a megabyte; an answer holds this many characters of each, and says where it was cut. */
const SHOWN = 16_384;

/** GET /api/alerts/:id: whatever its state, with the records that its evidence names, as they were read. */
export const getAlert =
  ({ documents, telemetry }: Pick<ApiPorts, 'documents' | 'telemetry'>): RequestHandler<{ id: string }> =>
  async (req, res) => {
    const found = await documents.get<Alert>('alert', req.params.id);
    if (!found) throw new AppError('ALERT_UNKNOWN', 'No alert has this id.');
    const refs = new Set(found.body.scanhound.evidence.map(({ ref }) => ref));
    const originals = await telemetry.originals([...refs]);
    res.json({ id: found.id, ...found.body, originals: originals.map(toShown) });
  };

const toShown = ({ evidence, index, id, original }: Original) => ({
  ref: evidence,
  index,
  id,
  original: original.slice(0, SHOWN),
  ...(original.length > SHOWN && { cut_after: SHOWN }),
});
