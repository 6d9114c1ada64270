import type { LabelText, OfficeEvent } from '../events.js';
import { commandLine, type Process } from '../processes.js';
import { connect, type Scene } from '../scene.js';

interface Sweep {
  process: Process;
  /** Addresses and ports in the order of the probes. */
  probes: Iterable<readonly [address: string, port: number]>;
  /** From one probe to the next, at most. */
  gapMs: number;
}

/** What is true of a scan, for the labels. */
export const scan = (phase: string, process: Process, tool: string, analytic: string, what: string): LabelText => ({
  phase,
  kind: 'scan',
  machine: process.machine,
  tool,
  what,
  command: commandLine(process.args),
  analytic,
});

/** A launch (its shell's before it, where that was opened for it), its probes one after the other, its end. */
export function* sweep(scene: Scene, { process, probes, gapMs }: Sweep): Generator<OfficeEvent> {
  const shell = process.parent;
  if (shell && shell.startedAt >= scene.from) yield { kind: 'launch', at: shell.startedAt, process: shell };
  yield { kind: 'launch', at: process.startedAt, process };
  let at = process.startedAt + 400;
  for (const [address, port] of probes) {
    if (address !== process.machine.address) yield connect(scene, process, at, address, port);
    at += scene.random.integer(1, gapMs);
  }
  yield { kind: 'exit', at: at + 200, process };
}

export const addresses = (network: string, first: number, last: number): string[] =>
  Array.from({ length: last - first + 1 }, (_, offset) => `${network}.${first + offset}`);

/** All ports of the first address, then of the next. */
export function* inRows(hosts: readonly string[], ports: readonly number[]): Generator<readonly [string, number]> {
  for (const host of hosts) for (const port of ports) yield [host, port];
}
