import { groupBy } from '../model/group-by.js';
import type { ArpRequest } from '../model/observation.js';
import type { ArpRecord } from '../model/ports.js';

/** Hosts on a link answer within milliseconds; what comes later answers another request. */
const ANSWER_MS = 1_000;

/** A subject's ARP requests, each with whether its target answered in time. Records in time order. */
export function answerArps(records: readonly ArpRecord[]): ArpRequest[] {
  const replies = groupBy(
    records.filter(({ isReply }) => isReply),
    ({ source }) => source,
  );
  return records.flatMap(({ isReply, target, time, evidence }) =>
    isReply
      ? []
      : [
          {
            time,
            evidence,
            target,
            answered: (replies.get(target) ?? []).some((reply) => reply.time >= time && reply.time <= time + ANSWER_MS),
          },
        ],
  );
}
