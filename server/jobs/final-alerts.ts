import { type Alert, isFinal } from '../model/alert.js';
import { everyDocument } from '../model/every-document.js';
import type { Documents } from '../model/ports.js';
import type { Run } from '../model/run.js';

/** An alert as it is shown: the whole document, and its id. */
export type AlertDocument = Alert & { id: string };

/** All alerts that stand, the highest score first. */
export async function finalAlerts(documents: Documents): Promise<AlertDocument[]> {
  const stored = await everyDocument<Alert>(documents, 'alert');
  return stored
    .map(({ id, body }) => ({ id, ...body }))
    .filter(isFinal)
    .sort(byScore);
}

/** Alerts that meet a stretch of time, epoch ms, both ends included; an absent end is open. */
export const meets =
  ({
    from = Number.NEGATIVE_INFINITY,
    to = Number.POSITIVE_INFINITY,
  }: {
    from?: number | undefined;
    to?: number | undefined;
  }) =>
  ({ event }: AlertDocument): boolean =>
    Date.parse(event.end) >= from && Date.parse(event.start) <= to;

/** The alerts that stand for what these runs found: one that was joined or merged is told by the one that took it. */
export async function alertsOf(
  runs: readonly Pick<Run, 'alerts'>[],
  documents: Pick<Documents, 'get'>,
): Promise<AlertDocument[]> {
  const found = new Map<string, AlertDocument>();
  const wanted = new Set(runs.flatMap(({ alerts }) => alerts));
  // A set may grow while it is gone through.
  for (const id of wanted) {
    const known = await documents.get<Alert>('alert', id);
    if (!known) continue;
    found.set(id, { id, ...known.body });
    const { joined_to, merged_into } = known.body.scanhound;
    for (const other of [joined_to, merged_into]) if (other !== undefined) wanted.add(other);
  }
  return [...found.values()].filter(isFinal).sort(byScore);
}

const byScore = (one: AlertDocument, other: AlertDocument): number =>
  other.event.risk_score - one.event.risk_score ||
  compare(one.event.start, other.event.start) ||
  compare(one.id, other.id);

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
