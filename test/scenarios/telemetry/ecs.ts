import type { EcsDocument } from '../../../queries/document.js';
import type { Platform } from '../../../queries/integration.js';
import { iso } from '../times.js';
import { type Act, type Attempt, entityOf, fileName } from './act.js';

/** Any other agent that writes ECS: it says of a connection whether it was allowed or denied. */
export const ecsConnection = (
  attempt: Attempt & { os?: Platform; from?: string; isDenied?: boolean; namespaces?: [from: string, to: string] },
): EcsDocument => ({
  ...ecs(attempt, attempt.os),
  'event.category': ['network'],
  'event.type': ['connection', attempt.isDenied ? 'denied' : 'allowed'],
  'network.transport': attempt.transport ?? 'tcp',
  ...(attempt.from === undefined ? {} : { 'source.ip': attempt.from }),
  'source.port': 50_000,
  'destination.ip': attempt.to,
  'destination.port': attempt.port,
  ...(attempt.namespaces === undefined
    ? {}
    : { 'orchestrator.namespace': attempt.namespaces[0], 'destination.namespace': attempt.namespaces[1] }),
});

function ecs(act: Act, os?: Platform): EcsDocument {
  const pid = act.pid ?? 100;
  return {
    '@timestamp': iso(act.at),
    'event.kind': 'event',
    'host.id': act.machine.id,
    'host.name': act.machine.name,
    ...(os === undefined ? {} : { 'host.os.type': os }),
    'process.executable': act.program,
    'process.name': fileName(act.program),
    'process.pid': pid,
    'process.entity_id': entityOf(act, pid),
    ...(act.container === undefined ? {} : { 'container.id': act.container }),
  };
}
