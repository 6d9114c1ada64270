import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Aims } from './aims.js';

test('the step that was hit least is aimed at, until there are enough of all', () => {
  const aims = new Aims(['import', 'hunt'], 3, 1);
  assert.equal(aims.next(), 'import');
  assert.equal(aims.next(), 'hunt', 'what is under way counts');
  aims.came('import', 'import');
  aims.came('hunt', 'import');
  assert.equal(aims.next(), 'hunt');
  assert.equal(aims.next(), undefined);
  aims.came('hunt', undefined);
  assert.equal(aims.areMet(), false, 'the work had ended');
  assert.equal(aims.next(), 'hunt');
  aims.came('hunt', 'hunt');
  assert.equal(aims.areMet(), true);
});

test('enough in all are not enough while a step lacks its own', () => {
  const aims = new Aims(['import', 'hunt'], 2, 2);
  for (const hit of ['import', 'import', 'hunt']) aims.came(aims.next()!, hit);
  assert.equal(aims.next(), 'hunt');
});
