import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lease } from '../../server/jobs/lease.js';
import { Leases } from '../../server/jobs/leases.js';
import type { OpenDocuments } from './documents-contract.js';

const IDS = ['AN1', 'AN2', 'AN3', 'AN4'];
const LENGTH_MS = 600;
const BEAT_MS = LENGTH_MS / 6;

/** Instances on the same documents, whose clocks go equally fast and tell other times. */
class Instances {
  private time = 0;
  private readonly alive = new Map<string, Leases>();

  constructor(private readonly documents: OpenDocuments['documents']) {}

  begin(name: string, clockAhead = 0): Leases {
    const clock = () => this.time + clockAhead;
    const leases = new Leases(this.documents, IDS, name, { lengthMs: LENGTH_MS, clock });
    this.alive.set(name, leases);
    return leases;
  }

  kill(name: string): void {
    this.alive.delete(name);
  }

  /** Time passes, and all that live look at the leases in the rhythm that they should, one shortly after another. */
  async pass(ms: number): Promise<void> {
    for (const end = this.time + ms; this.time < end; this.time += BEAT_MS)
      for (const leases of this.alive.values()) {
        await leases.beat();
        for (const id of IDS) assert.ok([...this.alive.values()].filter((one) => one.holds(id)).length <= 1, id);
      }
  }

  fences(): Promise<number[]> {
    return Promise.all(IDS.map(async (id) => (await this.documents.get<Lease>('lease', id))?.body.fence ?? 0));
  }
}

const heldOf = (leases: Leases): string[] => IDS.filter((id) => leases.holds(id));

/** What several instances agree on by any store of documents. */
export function leasesContract(backend: string, open: () => Promise<OpenDocuments>): void {
  const on = (name: string, use: (instances: Instances) => Promise<void>) =>
    test(`${backend}: leases: ${name}`, async () => {
      const { documents, close } = await open();
      try {
        await use(new Instances(documents));
      } finally {
        await close();
      }
    });

  on('of two that begin at once each lease is held by one', async (instances) => {
    const both = [instances.begin('a'), instances.begin('b')];
    await Promise.all(both.map((leases) => leases.beat()));
    assert.deepEqual(both.flatMap(heldOf).toSorted(), IDS);
  });

  on('who comes later gets a fair share, and who leaves gives its own back at once', async (instances) => {
    const [a, b, c] = [instances.begin('a'), instances.begin('b', 300_000), instances.begin('c', -300_000)];
    await instances.pass(BEAT_MS);
    assert.deepEqual(
      [a, b, c].map((one) => heldOf(one).length),
      [4, 0, 0],
    );
    await instances.pass(5 * BEAT_MS);
    assert.deepEqual([a, b, c].map((one) => heldOf(one).length).toSorted(), [1, 1, 2]);
    await a.stop();
    instances.kill('a');
    await instances.pass(BEAT_MS);
    assert.deepEqual([b, c].flatMap(heldOf).toSorted(), IDS);
  });

  on('who dies is taken over within a lease, whatever clocks say, with higher fences', async (instances) => {
    const dead = instances.begin('a', 300_000);
    const heir = instances.begin('b');
    await instances.pass(5 * BEAT_MS);
    const left = heldOf(dead);
    const before = await instances.fences();
    instances.kill('a');
    await instances.pass(LENGTH_MS - 3 * BEAT_MS);
    assert.equal(heldOf(heir).length, IDS.length - left.length, 'it may only be slow');
    await instances.pass(3 * BEAT_MS);
    assert.deepEqual(heldOf(heir), IDS);
    assert.deepEqual(heldOf(dead), [], 'it knows by its own clock that its time is over');
    const after = await instances.fences();
    for (const [i, id] of IDS.entries()) assert.equal(after[i]! > before[i]!, left.includes(id), id);
  });

  on('who was stopped for long is told, while it works, that another took over', async (instances) => {
    const slow = instances.begin('a');
    await instances.pass(BEAT_MS);
    await slow.during(['AN1'], async (lost) => {
      instances.kill('a');
      const other = instances.begin('b');
      await instances.pass(LENGTH_MS);
      assert.deepEqual(heldOf(other), IDS);
      assert.equal(lost.aborted, false);
      await slow.beat();
      assert.match(String(lost.reason), /Another instance hunts AN1 now/);
      assert.deepEqual(heldOf(slow), []);
    });
  });

  on('what is at work is handed over afterwards', async (instances) => {
    const a = instances.begin('a');
    await instances.pass(BEAT_MS);
    const b = instances.begin('b');
    await a.during(IDS, () => instances.pass(LENGTH_MS));
    assert.deepEqual(heldOf(a), IDS);
    await instances.pass(4 * BEAT_MS);
    assert.deepEqual(
      [a, b].map((one) => heldOf(one).length),
      [2, 2],
    );
  });
}
