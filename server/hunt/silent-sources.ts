import type { Analytic, AnalyticId } from '../../queries/analytic.js';
import { DAY_MS } from '../model/episode.js';
import type { Documents, Span, Telemetry } from '../model/ports.js';
import { formatTime } from '../model/time.js';
import type { VolumeKind, Volumes } from '../model/volume.js';

/** Kinds that hosts of one analytic send, and those of networks, which concern whoever hunts them. */
const HOST_KINDS = ['programContacts', 'launches'] as const;
const NETWORK_KINDS = ['addressContacts', 'serviceQueries', 'arps'] as const;

/** A kind of records that came within the day before and then no longer. */
export interface SilentSource {
  /** `telemetry`: nothing comes at all. */
  source: (typeof HOST_KINDS)[number] | (typeof NETWORK_KINDS)[number] | 'telemetry';
  /** Whose hosts sent it, or who hunts what networks send. */
  analytics: AnalyticId[];
  /** The event time of the last record, ISO 8601 in UTC. */
  last: string;
  /** When it was found silent. */
  noticed: string;
}

/** Sources that are silent now. */
export interface SilenceReport {
  /** ISO 8601, in UTC. */
  checked: string;
  sources: SilentSource[];
}

/** A source that stays away for so long is taken to be gone for good. */
const FORGET_MS = 7 * DAY_MS;

/**
 * What is silent for so long that it is told: measured from the newest event on, so that telemetry that comes late as a
 * whole is not silent; that of all telemetry from the clock on. Telemetry of more than a day ago is history: nobody
 * expects more of it.
 * @param known what was found silent before: it stays so until a later record comes
 */
export async function findSilent(
  analytics: readonly Analytic[],
  known: readonly SilentSource[],
  silenceMs: number,
  telemetry: Pick<Telemetry, 'extent' | 'volumes'>,
  now: number,
): Promise<SilentSource[]> {
  const extent = await telemetry.extent();
  if (!extent) return [];
  const newest = Math.min(extent.to, now);
  const sources: SilentSource[] = [];
  for (const source of known)
    if (now - Date.parse(source.noticed) < FORGET_MS && !(await hasCome(source, analytics, newest, telemetry)))
      sources.push(source);
  if (newest <= now - silenceMs - DAY_MS) return sources;
  const add = (found: Omit<SilentSource, 'noticed'>) => {
    if (!sources.some((source) => idOf(source) === idOf(found))) sources.push({ ...found, noticed: formatTime(now) });
  };
  const all = analytics.map(({ id }) => id);
  if (newest <= now - silenceMs) add({ source: 'telemetry', analytics: all, last: formatTime(extent.to) });
  const recent = { from: newest - silenceMs + 1, to: newest };
  const before = { from: recent.from - DAY_MS, to: recent.from - 1 };
  for (const [at, analytic] of analytics.entries()) {
    const kinds = at === 0 ? [...HOST_KINDS, ...NETWORK_KINDS] : HOST_KINDS;
    for (const [source, last] of await stopped(kinds, analytic, recent, before, telemetry))
      add({ source, analytics: concerned(source, analytic, analytics), last: formatTime(last) });
  }
  return sources;
}

/** What is the same source, whenever it went silent. */
export const idOf = ({ source, analytics }: Pick<SilentSource, 'source' | 'analytics'>): string =>
  isOfHosts(source) ? `${source} ${analytics.join()}` : source;

const KEPT = 'silent';

/** What the service found at its last look; undefined before. */
export const readSilence = async (documents: Documents): Promise<SilenceReport | undefined> =>
  (await documents.get<SilenceReport>('health', KEPT))?.body;

/** Keeps it, unless somebody else wrote since `before` was read: then false. */
export async function keepSilence(
  documents: Documents,
  change: (before: SilenceReport | undefined) => Promise<SilenceReport>,
): Promise<{ before: SilentSource[]; report: SilenceReport } | undefined> {
  const stored = await documents.get<SilenceReport>('health', KEPT);
  const report = await change(stored?.body);
  const isKept = stored
    ? await documents.update('health', KEPT, report, stored.version)
    : await documents.create('health', KEPT, report);
  return isKept ? { before: stored?.body.sources ?? [], report } : undefined;
}

const SAID: Readonly<Record<SilentSource['source'], (analytics: string) => string>> = {
  telemetry: () => 'telemetry of any kind',
  programContacts: (analytics) => `contacts of programs on hosts of ${analytics}`,
  launches: (analytics) => `launches on hosts of ${analytics}`,
  addressContacts: () => 'contacts of addresses',
  serviceQueries: () => 'mDNS questions',
  arps: () => 'ARP',
};

/** In plain words, as the end of a sentence. */
export const saySource = ({ source, analytics }: SilentSource): string => SAID[source](analytics.join(', '));

const isOfHosts = (source: SilentSource['source']): boolean => HOST_KINDS.some((kind) => kind === source);

function concerned(source: VolumeKind, analytic: Analytic, analytics: readonly Analytic[]): AnalyticId[] {
  if (HOST_KINDS.some((kind) => kind === source)) return [analytic.id];
  return analytics
    .filter(({ telemetry }) => source !== 'serviceQueries' || telemetry.serviceQueries)
    .map(({ id }) => id);
}

/** Kinds that came before and not recently, with the time of their last record. The longer span is seldom read. */
async function stopped<K extends VolumeKind>(
  kinds: readonly K[],
  { telemetry: scope }: Analytic,
  recent: Span,
  before: Span,
  telemetry: Pick<Telemetry, 'volumes'>,
): Promise<[K, number][]> {
  const now = await telemetry.volumes(scope, recent);
  const absent = kinds.filter((kind) => now[kind].records === 0);
  if (absent.length === 0) return [];
  const earlier: Volumes = await telemetry.volumes(scope, before);
  return absent.flatMap((kind): [K, number][] => {
    const { last } = earlier[kind];
    return last === undefined ? [] : [[kind, last]];
  });
}

/** Whether a record later than its last one is there. */
async function hasCome(
  { source, analytics: ids, last }: SilentSource,
  analytics: readonly Analytic[],
  newest: number,
  telemetry: Pick<Telemetry, 'volumes'>,
): Promise<boolean> {
  const later = { from: Date.parse(last) + 1, to: newest };
  if (later.from > later.to) return false;
  if (source === 'telemetry') return true;
  const analytic = analytics.find(({ id }) => ids.includes(id));
  if (!analytic) return true;
  return (await telemetry.volumes(analytic.telemetry, later))[source].records > 0;
}
