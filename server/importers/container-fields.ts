import { Rejected } from './format.js';
import { asNumber, isoFromMicroseconds, isoTime, shown } from './zeek-suricata-values.js';

/**
 * Container ids are kept as told. Falco cuts them at 12 digits, Tetragon at 24 or 31 where Kubernetes' metadata lack;
 * the others tell all 64. One sensor is true to itself, so its subjects hold together; a short id proves no long one.
 * Only the runtime's name is taken off (`containerd://…`), and Falco's word for no container (`host`).
 */
export function containerFields(id: string | undefined): Record<string, unknown> {
  if (id === undefined || id === 'host') return {};
  const [, runtime, bare] = /^([a-z][a-z0-9-]{1,30}):\/\/(.+)$/.exec(id) ?? [];
  return { 'container.id': bare ?? id, 'container.runtime': runtime };
}

export function podFields(namespace: string | undefined, name: string | undefined): Record<string, unknown> {
  const isPod = name !== undefined;
  return {
    'orchestrator.type': namespace !== undefined || isPod ? 'kubernetes' : undefined,
    'orchestrator.namespace': namespace,
    'orchestrator.resource.type': isPod ? 'pod' : undefined,
    'orchestrator.resource.name': name,
  };
}

/** A command line of which only the text is left: its words, for quotes were dropped where it was written. */
export const wordsOf = (commandLine: string): string[] => commandLine.split(/\s/).filter((word) => word !== '');

export const fileNameOf = (path: string | undefined): string | undefined =>
  path?.slice(path.lastIndexOf('/') + 1) || undefined;

/** A process id; what is none (-1, text) is absent. */
export function pidOf(value: unknown): number | undefined {
  const pid = asNumber(value);
  return pid !== undefined && Number.isInteger(pid) && pid >= 0 && pid <= 0xffff_ffff ? pid : undefined;
}

/**
 * ISO 8601 in UTC from what sensors write: ISO 8601, or epoch nanoseconds as a number. Those are past what a number
 * holds exactly; what is lost is less than a microsecond. Throws `Rejected` where it is neither.
 */
export function sensorTime(value: unknown, field: string): string {
  if (typeof value === 'string') return isoTime(value, field);
  if (typeof value === 'number' && Number.isFinite(value)) return isoFromMicroseconds(Math.floor(value / 1000), field);
  throw new Rejected('no_time', `${field} holds no time: ${shown(value)}`);
}
