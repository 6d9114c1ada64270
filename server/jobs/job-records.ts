import type { AnalyticId } from '../../queries/analytic.js';
import type { Documents } from '../model/ports.js';

/** What is kept of a job, whoever hunts. */
export interface JobRecord {
  /** Absent: it hunts. */
  paused?: Pause;
  /** Ticks that found its hunt still at work, no room in the queue, or nobody awake. */
  missed: number;
}

interface Pause {
  /** ISO 8601, in UTC. */
  since: string;
  /** Who asked, where it was said. */
  by?: string;
}

export const readJob = async (documents: Documents, id: AnalyticId): Promise<JobRecord> =>
  (await documents.get<JobRecord>('job', id))?.body ?? { missed: 0 };

/** Changes what is kept, also where others change it at the same time. */
export async function changeJob(
  documents: Documents,
  id: AnalyticId,
  change: (record: JobRecord) => JobRecord,
): Promise<void> {
  for (;;) {
    const stored = await documents.get<JobRecord>('job', id);
    const isDone = stored
      ? await documents.update('job', id, change(stored.body), stored.version)
      : await documents.create('job', id, change({ missed: 0 }));
    if (isDone) return;
  }
}
