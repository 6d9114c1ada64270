import { type Plan, windowSecondsOf } from '../../queries/plan.js';
import type { Documents } from '../model/ports.js';

/** How far an analytic has hunted for windows of one length: it moves last, by compare-and-set. */
export interface Mark {
  position: number;
}

/** By the place among the analytic's windows: another TimeWindow goes on from the same mark. */
export const markId = ({ analytic, measures }: Plan, seconds: number): string =>
  `${analytic} window ${windowSecondsOf(measures).indexOf(seconds)}`;

/** The arrival up to which windows of this length were hunted; undefined where they never were. */
export const markedUpTo = async (documents: Documents, plan: Plan, seconds: number): Promise<number | undefined> =>
  (await documents.get<Mark>('mark', markId(plan, seconds)))?.body.position;
