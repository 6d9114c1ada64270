import type { TelemetryScope } from '../../../queries/analytic.js';
import { every } from '../../../queries/compile/query.js';
import type { Filter } from '../../../queries/filter.js';
import { longestWindowMs, type Plan, windowSecondsOf } from '../../../queries/plan.js';
import { processScope, records } from '../../../queries/records.js';
import type {
  ArpRecord,
  Arrivals,
  ContactRecord,
  Holding,
  HourCount,
  Launch,
  Original,
  Place,
  ProcessEvent,
  Program,
  Span,
  SubjectQuery,
  Suspect,
  Telemetry,
  Touched,
  Wanted,
} from '../../model/ports.js';
import { parseSubjectKey } from '../../model/subject.js';
import type { Volumes } from '../../model/volume.js';
import type { HoldingsAsked, ProcessesAsked } from '../shared/asked.js';
import { together } from '../shared/together.js';
import { arrivalCounts } from './arrival-counts.js';
import { endOfSlice, extentOf, newestArrival, touchedBy } from './arrivals.js';
import { askers } from './askers.js';
import type { Connection } from './connection.js';
import { readContacts } from './contacts.js';
import { everywhere } from './group-search.js';
import type { Seen } from './hits.js';
import { holdingsBy } from './holdings.js';
import { originalsOf, placesOf } from './originals.js';
import { recordsOfProcesses } from './process-facts.js';
import { readRecords } from './read-records.js';
import { arpsIn, launchesIn, processEventsIn, queriesIn } from './rows-to-records.js';
import { contactSuspects, type OwnAddresses } from './suspects.js';
import { TelemetryIndex } from './telemetry-index.js';
import { volumesIn } from './volumes.js';

export interface SearchTelemetryOptions {
  now: () => number;
  /**
   * How long after its arrival a document may become searchable: what came later is left to the next hunt. What takes up
   * to three times as long is found by the overlap of hunts.
   */
  settlingMs: number;
}

/** Telemetry in indices of Elasticsearch or OpenSearch, whoever wrote it. Arrivals follow `event.ingested`. */
export class SearchTelemetry implements Telemetry {
  private readonly index: TelemetryIndex;
  /** Facts of many episodes that are asked for at once cost little more than those of one. */
  private readonly ask;

  /** @param name an index, alias, data stream or pattern, or several by comma */
  constructor(
    connection: Connection,
    name: string,
    private readonly options: SearchTelemetryOptions,
  ) {
    const index = new TelemetryIndex(connection, name);
    const ofProcesses =
      <T extends Launch | ProcessEvent>(filter: Filter, recordsIn: (seen: Seen) => T[]) =>
      (asked: readonly ProcessesAsked[]) =>
        recordsOfProcesses(index, filter, recordsIn, asked, options.now());
    this.index = index;
    this.ask = {
      launches: together(ofProcesses(records.launches, launchesIn)),
      processEvents: together(ofProcesses(records.processEvents, processEventsIn)),
      byAddress: together((asked: readonly HoldingsAsked[]) => holdingsBy(index, 'address', asked, options.now())),
      byHost: together((asked: readonly HoldingsAsked[]) => holdingsBy(index, 'host', asked, options.now())),
      places: together((asked: readonly (readonly string[])[]) => placesOf(index, asked)),
    };
  }

  /** Twice the time that documents are given: some take longer, in a refresh that waits or a node that is busy. */
  get overlapMs(): number {
    return 2 * this.options.settlingMs;
  }

  async position(): Promise<number> {
    const position = await newestArrival(this.index, this.options.now(), this.options.settlingMs);
    this.index.forgetFields();
    return position;
  }

  unread(): Promise<string[]> {
    return this.index.closed();
  }

  extent(): Promise<Span | undefined> {
    return extentOf(this.index, this.options.now());
  }

  volumes(scope: TelemetryScope, span: Span): Promise<Volumes> {
    return volumesIn(this.index, scope, span);
  }

  sliceEnd(arrivals: Arrivals): Promise<number> {
    return endOfSlice(this.index, arrivals);
  }

  async touched(arrivals: Arrivals): Promise<Touched[]> {
    const extent = await this.extent();
    return extent && arrivals.until > arrivals.after ? touchedBy(this.index, arrivals, extent) : [];
  }

  async acted(): Promise<undefined> {
    return undefined; // it would take a search for each kind of record that alerts tell
  }

  arrived(arrivals: Arrivals): Promise<HourCount[]> {
    return arrivalCounts(this.index, arrivals);
  }

  async suspects(plan: Plan, span: Span, subjects?: readonly string[]): Promise<Suspect[]> {
    const ownOf = this.ownAddressesOf(plan);
    const longest = longestWindowMs(plan);
    const [regions, asking] = await Promise.all([
      contactSuspects(this.index, plan, span, subjects, ownOf, this.options.now()),
      askers(this.index, plan, { from: span.from - longest, to: span.to }, subjects, ownOf),
    ]);
    const windows = windowSecondsOf(plan.measures);
    for (const subject of asking) regions.set(subject, [...(regions.get(subject) ?? []), ...everywhere(windows, span)]);
    return [...regions].map(([subject, own]) => ({ subject, regions: own }));
  }

  contacts(wanted: readonly Wanted[]): AsyncIterable<{ subject: string; contacts: ContactRecord[] }> {
    return readContacts(this.index, wanted, this.options.now());
  }

  queries(wanted: readonly Wanted[]): Promise<SubjectQuery[]> {
    return this.readWanted(records.serviceQueries, queriesIn, wanted);
  }

  arps(wanted: readonly Wanted[]): Promise<ArpRecord[]> {
    const ofAddresses = wanted.filter(({ subject }) => parseSubjectKey(subject).kind === 'address');
    return this.readWanted(records.arps, arpsIn, ofAddresses);
  }

  async *launches(
    plan: Plan,
    span: Span,
    isWanted: (program: Program) => boolean,
    subjects?: readonly string[],
  ): AsyncIterable<Launch[]> {
    const query = every(await this.index.query(records.launches), await this.index.query(processScope(plan.telemetry)));
    const isOurs = launchScope(plan);
    const only = subjects && new Set(subjects);
    for await (const page of readRecords(this.index, query, [span], this.options.now())) {
      const launches = page
        .flatMap(launchesIn)
        .filter((launch) => (!only || only.has(launch.subject)) && isOurs(launch) && isWanted(launch));
      if (launches.length > 0) yield launches;
    }
  }

  launchesOf(host: string, processes: readonly string[], span: Span): Promise<Launch[]> {
    return this.ask.launches({ host, processes, span });
  }

  processEventsOf(host: string, processes: readonly string[], span: Span): Promise<ProcessEvent[]> {
    return this.ask.processEvents({ host, processes, span });
  }

  holdings(addresses: readonly string[], span: Span): Promise<Holding[]> {
    return this.ask.byAddress({ these: addresses, span });
  }

  addressesOf(hosts: readonly string[], span: Span): Promise<Holding[]> {
    return this.ask.byHost({ these: hosts, span });
  }

  places(evidence: readonly string[]): Promise<Place[]> {
    return this.ask.places(evidence);
  }

  originals(evidence: readonly string[]): Promise<Original[]> {
    return originalsOf(this.index, evidence);
  }

  /** Addresses that hosts of this analytic were seen with: their flows may be its own. */
  private ownAddressesOf({ telemetry }: Plan): OwnAddresses {
    return async (addresses, range) => {
      const holdings = await this.holdings(addresses, range);
      const own = holdings.filter(({ container, platform }) =>
        telemetry.container ? container !== '' : container === '' && platform === telemetry.platform,
      );
      return new Set(own.map(({ address }) => address));
    };
  }

  /** Few such records exist: those of all subjects are read. */
  private async readWanted<T extends { subject: string; time: number }>(
    filter: Filter,
    recordsIn: (seen: Seen) => T[],
    wanted: readonly Wanted[],
  ): Promise<T[]> {
    const spansOf = new Map(wanted.map(({ subject, spans }) => [subject, spans]));
    const found: T[] = [];
    const all = wanted.flatMap(({ spans }) => spans);
    for await (const page of readRecords(this.index, await this.index.query(filter), all, this.options.now()))
      for (const record of page.flatMap(recordsIn))
        if (spansOf.get(record.subject)?.some(({ from, to }) => record.time >= from && record.time <= to))
          found.push(record);
    return found;
  }
}

const launchScope =
  ({ telemetry: { container, platform, unattributed } }: Plan) =>
  (launch: Launch): boolean =>
    container
      ? launch.container !== ''
      : launch.container === '' && (launch.platform === null ? unattributed : launch.platform === platform);
