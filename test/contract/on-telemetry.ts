import assert from 'node:assert/strict';
import { test } from 'node:test';
import { an1057 } from '../../queries/analytics/an1057.js';
import { an1058 } from '../../queries/analytics/an1058.js';
import { an1059 } from '../../queries/analytics/an1059.js';
import type { EcsDocument } from '../../queries/document.js';
import { toPlan } from '../../queries/plan.js';
import { tunablesOf } from '../../queries/tunable-values.js';
import type { Telemetry } from '../../server/model/ports.js';
import { subjectKey } from '../../server/model/subject.js';
import type { Machine } from '../scenarios/cast.js';
import { imported } from '../scenarios/play.js';
import { at, DAY } from '../scenarios/times.js';
import type { OpenEvents } from './events-contract.js';

export const plans = {
  windows: toPlan(an1057, tunablesOf(an1057)),
  linux: toPlan(an1058, tunablesOf(an1058)),
  macos: toPlan(an1059, tunablesOf(an1059)),
};

/** Holds all event times of the contracts. */
export const ALL = { from: 0, to: at(10 * DAY) };

export const address = (ip: string): string => subjectKey({ kind: 'address', address: ip });
export const program = (process: string, { id }: Machine): string =>
  subjectKey({ kind: 'process', host: id, container: '', process });

/** A test over a store that holds these documents and nothing else. */
export const onTelemetry =
  (backend: string, open: () => Promise<OpenEvents>) =>
  (
    name: string,
    documents: readonly EcsDocument[],
    use: (telemetry: Telemetry, more: OpenEvents) => Promise<void>,
  ): void => {
    test(`${backend}: telemetry: ${name}`, async () => {
      const opened = await open();
      try {
        const { rejected } = await opened.events.append({ key: 'first', events: imported(documents) });
        assert.deepEqual(rejected, []);
        await use(opened.telemetry, opened);
      } finally {
        await opened.close();
      }
    });
  };
