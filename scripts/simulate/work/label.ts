import type { LabelText } from '../events.js';
import type { Machine } from '../machines.js';

/** Ordinary work of one machine. `phase` is the machine's, unless it does several things. */
export const benign = (machine: Machine, tool: string, what: string, phase = machine.name): LabelText => ({
  phase: `work-${phase.split('.')[0]!.toLowerCase()}`,
  kind: 'benign',
  machine,
  tool,
  what,
});
