import type { EcsDocument } from '../../../queries/document.js';
import { iso } from '../times.js';
import { type Act, type Attempt, commandLine, entityOf, fileName, type Start } from './act.js';

/** Elastic Defend, nested as it writes; on macOS unless the act says else. */
function defend(act: Act, category: 'process' | 'network', action: string, type: string): EcsDocument {
  const pid = act.pid ?? 100;
  return {
    '@timestamp': iso(act.at),
    agent: { type: 'endpoint' },
    event: {
      kind: 'event',
      module: 'endpoint',
      dataset: `endpoint.events.${category}`,
      category: [category],
      type: [type],
      action,
    },
    host: {
      id: act.machine.id,
      name: act.machine.name,
      ip: [act.machine.ip, '127.0.0.1', '::1'],
      os: { type: act.container === undefined ? 'macos' : 'linux' },
    },
    process: { executable: act.program, name: fileName(act.program), pid, entity_id: entityOf(act, pid) },
    user: { name: 'ann' },
    ...(act.container === undefined ? {} : { container: { id: act.container } }),
  };
}

export function defendStart(start: Start): EcsDocument {
  const document = defend(start, 'process', 'exec', 'start');
  const args = commandLine(start);
  const parent = start.parent && {
    executable: start.parent.program,
    pid: start.parent.pid,
    entity_id: entityOf(start, start.parent.pid),
  };
  return {
    ...document,
    process: {
      ...(document.process as EcsDocument),
      args,
      command_line: args.join(' '),
      ...(parent === undefined ? {} : { parent }),
    },
  };
}

/** An attempt (its end is not told) or, `isInbound`, a connection that the machine took from outside. */
export const defendConnection = (attempt: Attempt & { from?: string; isInbound?: boolean }): EcsDocument => ({
  ...defend(attempt, 'network', attempt.isInbound ? 'connection_accepted' : 'connection_attempted', 'start'),
  source: { ip: attempt.from ?? attempt.machine.ip, port: 50_000 },
  destination: { ip: attempt.to, port: attempt.port },
  network: { transport: attempt.transport ?? 'tcp', direction: attempt.isInbound ? 'ingress' : 'egress' },
});
