import type { LabelText, OfficeEvent } from '../events.js';
import { commandLine, type Process } from '../processes.js';
import type { Random } from '../random.js';
import { connect, connectUnseen, type Scene } from '../scene.js';

/** An address and a port, in the order of the probes. */
export type Probe = readonly [address: string, port: number];

interface Sweep {
  process: Process;
  probes: Iterable<Probe>;
  /** From one probe to the next, at most. */
  gapMs: number;
  /** The same, at least. */
  leastGapMs?: number;
  transport?: 'udp';
  /** How long it waits within each connect for an answer; absent: it goes on at once. */
  waitsMs?: number;
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
export function* sweep(scene: Scene, options: Sweep): Generator<OfficeEvent> {
  const { process, probes, gapMs, leastGapMs = 1, transport, waitsMs } = options;
  yield* launches(scene, process);
  let at = process.startedAt + 400;
  for (const [address, port] of probes) {
    if (address !== process.machine.address) {
      const details = { ...(transport && { transport }), ...(waitsMs !== undefined && { waitsMs }) };
      const attempt = connect(scene, process, at, address, port, details);
      yield attempt;
      if (attempt.outcome === 'unanswered') at += waitsMs ?? 0;
    }
    at += scene.random.integer(leastGapMs, gapMs);
  }
  yield { kind: 'exit', at: at + 200, process };
}

/** Packets through a raw socket: the host knows of the launch and of the socket, the network of the rest. */
export function* rawSweep(scene: Scene, { process, probes, gapMs }: Sweep): Generator<OfficeEvent> {
  yield* launches(scene, process);
  let at = process.startedAt + 400;
  yield { kind: 'raw_socket', at, process };
  for (const [address, port] of probes) {
    at += scene.random.integer(1, gapMs);
    if (address !== process.machine.address) yield connectUnseen(scene, process.machine, at, address, port);
  }
  yield { kind: 'exit', at: at + 2_000, process };
}

/** A shell's loop that starts a process for each probe and waits for its end. */
export function* loop(
  scene: Scene,
  { process, probes, gapMs, waitsMs = 1_000 }: Sweep,
  toChild: (address: string, port: number) => { executable: string; args: readonly string[] },
): Generator<OfficeEvent> {
  yield* launches(scene, process);
  let at = process.startedAt + 400;
  for (const [address, port] of probes) {
    const child = scene.processes.start(process.machine, {
      ...toChild(address, port),
      startedAt: at,
      parent: process,
    });
    yield { kind: 'launch', at, process: child };
    const attempt = connect(scene, child, at + 3, address, port);
    yield attempt;
    at += attempt.outcome === 'unanswered' ? waitsMs : 10;
    yield { kind: 'exit', at, process: child };
    at += scene.random.integer(1, gapMs);
  }
  yield { kind: 'exit', at: at + 200, process };
}

function* launches(scene: Scene, process: Process): Generator<OfficeEvent> {
  const shell = process.parent;
  if (shell && shell.startedAt >= scene.from) yield { kind: 'launch', at: shell.startedAt, process: shell };
  yield { kind: 'launch', at: process.startedAt, process };
}

export const addresses = (network: string, first: number, last: number): string[] =>
  Array.from({ length: last - first + 1 }, (_, offset) => `${network}.${first + offset}`);

/** All ports of the first address, then of the next. */
export function* inRows(hosts: readonly string[], ports: readonly number[]): Generator<Probe> {
  for (const host of hosts) for (const port of ports) yield [host, port];
}

export const portsFrom = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, offset) => first + offset);

/** In an order of its own, made when the first is asked for: scans of later days hold no probes. */
export function* mixed(random: Random, probes: Iterable<Probe>): Generator<Probe> {
  yield* random.shuffle([...probes]);
}
