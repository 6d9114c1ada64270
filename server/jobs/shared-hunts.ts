import { randomUUID } from 'node:crypto';
import type { AnalyticId, TunableValue } from '../../queries/analytic.js';
import { analytics } from '../../queries/analytics/index.js';
import type { HuntRequest } from '../hunt/run-hunt.js';
import type { Run } from '../model/run.js';
import type { OrderedRequest } from './hunt-queue.js';
import type { Leases } from './leases.js';

/** A scheduled hunt that was left to another instance. */
export interface LeftHunt {
  analytic: AnalyticId;
  /** Who holds the lease; null: whoever takes it next. */
  holder: string | null;
  /** It was not left to the same one the last time. */
  isNews: boolean;
}

/** What shared hunts go through, and who is told of them. */
export interface SharedHuntPorts {
  huntAll: (requests: readonly HuntRequest[]) => Promise<Run[]>;
  /** Puts hunts into the queue, which gives them back to be hunted. */
  add: (requests: readonly OrderedRequest[]) => Promise<Run[]>;
  tunables: (analytic: AnalyticId) => Readonly<Record<string, TunableValue>>;
  /** Closes what a holder before left open. */
  closeRuns: (analytics: readonly AnalyticId[]) => Promise<void>;
  onLeft: (hunt: LeftHunt) => void;
  /** Told of runs that made up for hunts that were left to others. */
  onMadeUp: (runs: readonly Run[]) => void;
  onError: (error: unknown) => void;
}

/** Looks at the leases from one attempt to make up to the next. */
const LOOKS_APART = 12;

/** Hunts on schedule what this instance holds the leases of, and leaves the rest to others; hunts by order as they come. */
export class SharedHunts {
  /** To whom hunts were left since they were last made here. */
  private readonly left = new Map<AnalyticId, string | null>();
  /** Of leases as they were last hunted by. */
  private readonly fences = new Map<AnalyticId, number | undefined>();
  private isMakingUp = false;
  private looksToWait = 0;

  constructor(
    private readonly leases: Leases,
    private readonly ports: SharedHuntPorts,
  ) {}

  /** The runs of what was hunted. */
  async hunt(requests: readonly HuntRequest[]): Promise<Run[]> {
    const { huntAll, onError } = this.ports;
    if (requests.some(({ origin }) => origin !== 'schedule')) return huntAll(requests);
    this.leases.start(() => void this.afterLook(), onError);
    await this.leases.beat();
    const own = requests.filter(({ analytic }) => this.leases.holds(analytic.id));
    for (const { analytic } of requests.filter((request) => !own.includes(request))) this.leave(analytic.id);
    if (own.length === 0) return [];
    const ids = own.map(({ analytic }) => analytic.id);
    await this.closeRuns(ids);
    const runs = await this.leases.during(ids, (lost) => huntAll(own.map((request) => this.whole(request, lost))));
    for (const id of ids) this.left.delete(id);
    await this.leases.beat().catch(onError); // hands over what was asked for meanwhile, before the next hunt begins
    return runs;
  }

  /**
   * Hunts what was left to another instance that held it, and is held here now: whoever counts what was hunted here took it
   * for hunted, and the other may have died before it was. Where that fails, a minute's looks pass before it is tried again.
   */
  async afterLook(): Promise<void> {
    if (this.isMakingUp || --this.looksToWait > 0) return;
    const missed = this.toMakeUp();
    if (missed.length === 0) return;
    this.isMakingUp = true;
    this.looksToWait = LOOKS_APART;
    try {
      this.ports.onMadeUp(await this.ports.add(missed));
    } catch (error) {
      this.ports.onError(error);
    } finally {
      this.isMakingUp = false;
    }
  }

  /** Once no hunt is at work any more. */
  stop(): Promise<void> {
    return this.leases.stop();
  }

  private toMakeUp(): OrderedRequest[] {
    return analytics
      .filter(({ id }) => this.left.has(id) && this.leases.holds(id))
      .map((analytic) => ({
        id: randomUUID(),
        analytic,
        tunables: this.ports.tunables(analytic.id),
        origin: 'schedule' as const,
      }));
  }

  /** Those of who held a lease before this instance took it. */
  private async closeRuns(ids: readonly AnalyticId[]): Promise<void> {
    const taken = ids.filter((id) => this.fences.get(id) !== this.leases.fenceOf(id));
    if (taken.length === 0) return;
    await this.ports.closeRuns(taken);
    for (const id of taken) this.fences.set(id, this.leases.fenceOf(id));
  }

  private leave(analytic: AnalyticId): void {
    const holder = this.leases.holderOf(analytic);
    this.ports.onLeft({ analytic, holder, isNews: this.left.get(analytic) !== holder });
    this.left.set(analytic, holder);
  }

  /** Windows of all lengths where any may have been left; cut when the lease is lost. */
  private whole({ windows, signal, ...request }: HuntRequest, lost: AbortSignal): HuntRequest {
    return {
      ...request,
      ...(windows && !this.left.has(request.analytic.id) && { windows }),
      signal: AbortSignal.any(signal ? [signal, lost] : [lost]),
    };
  }
}
