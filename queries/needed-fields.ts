import type { AnalyticId } from './analytic.js';
import type { FieldKind } from './compile/search.js';

/** What an index must make of a field so that it can be asked and grouped by. */
export type FieldUse = Exclude<FieldKind, 'boolean' | 'other'>;

/** One thing that hunts read of telemetry. */
export interface FieldNeed {
  /** Of these any one tells it; the first that a document has counts. */
  readonly fields: readonly string[];
  /** Any of these will do, if it is the same everywhere; the first is what ECS has. */
  readonly uses: readonly [FieldUse, ...FieldUse[]];
  readonly analytics: readonly AnalyticId[];
  /** What hunts do without any of them, as the end of a sentence. */
  readonly without: string;
  /**
   * Without a field of another kind hunts go on (`told`), fail when they group by it (`grouped`), or have nothing to
   * hunt at all (`essential`).
   */
  readonly weight: 'told' | 'grouped' | 'essential';
}

const EVERY: readonly AnalyticId[] = ['AN1057', 'AN1058', 'AN1059', 'AN1060'];
const need =
  (weight: FieldNeed['weight'], analytics = EVERY) =>
  (use: FieldUse | FieldNeed['uses'], fields: readonly string[], without: string): FieldNeed => ({
    fields,
    uses: typeof use === 'string' ? [use] : use,
    analytics,
    without,
    weight,
  });
const essential = need('essential');
const grouped = need('grouped');
const told = need('told');

export const fieldNeeds: readonly FieldNeed[] = [
  essential('date', ['event.start', '@timestamp'], 'nothing can be hunted'),
  essential('ip', ['destination.ip'], 'no contact is seen'),
  grouped('ip', ['source.ip'], 'flows have no subject'),
  grouped('keyword', ['host.id', 'host.name', 'host.hostname'], 'programs of all hosts are one subject'),
  grouped('keyword', ['process.executable', 'process.name', 'process.entity_id'], 'addresses are hunted only'),
  need('grouped', ['AN1060'])('keyword', ['container.id'], 'no container is hunted'),
  grouped(['number', 'keyword'], ['destination.port'], 'sweeps are seen, and no port scans'),
  grouped(['number', 'keyword'], ['process.pid'], 'contacts and launches are joined by entity ids only'),
  grouped('keyword', ['event.module'], 'agents are known by other fields only'),
  told('keyword', ['network.transport', 'network.iana_number'], 'one port by TCP and by UDP counts once'),
  told('keyword', ['event.category', 'event.type'], 'agents are understood by fields of their own only'),
  grouped('ip', ['host.ip'], "a host's own addresses are not known, and its flows join no alert of its own"),
  told('keyword', ['process.args', 'process.command_line'], 'no tool is known by its arguments'),
  told('keyword', ['user.name', 'user.id'], 'no alert names a user'),
  need('grouped', ['AN1057', 'AN1058', 'AN1059'])(
    'keyword',
    ['host.os.type', 'host.os.family', 'host.os.platform'],
    'systems are known by their agents only',
  ),
  need('told', ['AN1059'])('keyword', ['dns.question.name'], 'no service query is seen'),
];
