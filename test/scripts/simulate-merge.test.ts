import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { OfficeEvent } from '../../scripts/simulate/events.js';
import { machine } from '../../scripts/simulate/machines.js';
import { mergeByTime } from '../../scripts/simulate/merge.js';

const source = machine('phone', 'device', '10.20.20.51', {});
const asked = (at: number, name: string): OfficeEvent => ({ kind: 'service_questions', at, source, types: [name] });
const told = (events: Iterable<OfficeEvent>) =>
  Array.from(events, (event) => [event.at, event.kind === 'service_questions' ? event.types[0] : '']);

test('many activities become one, as a stable sort would make it', () => {
  const times = fc.array(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 12 }), { maxLength: 12 });
  fc.assert(
    fc.property(times, (lists) => {
      const activities = lists.map((list, place) =>
        list.sort((a, b) => a - b).map((at, index) => asked(at, `${place} ${index}`)),
      );
      assert.deepEqual(told(mergeByTime(activities)), told(activities.flat().sort((a, b) => a.at - b.at)));
    }),
  );
});

test('of each activity one event is asked for before it is needed', () => {
  let made = 0;
  function* counted(): Generator<OfficeEvent> {
    for (let at = 0; at < 1_000; at++) {
      made++;
      yield asked(at, 'x');
    }
  }
  const merged = mergeByTime([counted(), counted(), counted()]);
  for (let taken = 0; taken < 30; taken++) merged.next();
  assert.ok(made <= 33, `${made}`);
});

test('an activity that goes back in time is an error', () => {
  assert.throws(() => [...mergeByTime([[asked(2, 'a'), asked(1, 'b')]])], RangeError);
});
