import type { AnalyticId } from '../../queries/analytic.js';
import type { HuntRequest } from '../hunt/run-hunt.js';
import type { Run } from '../model/run.js';
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
  /** Closes what a holder before left open. */
  closeRuns: (analytics: readonly AnalyticId[]) => Promise<void>;
  onLeft: (hunt: LeftHunt) => void;
  onError: (error: unknown) => void;
}

/** Hunts on schedule what this instance holds the leases of, and leaves the rest to others; hunts by order as they come. */
export class SharedHunts {
  /** To whom hunts were left since they were last made here. */
  private readonly left = new Map<AnalyticId, string | null>();
  /** Of leases as they were last hunted by. */
  private readonly fences = new Map<AnalyticId, number | undefined>();

  constructor(
    private readonly leases: Leases,
    private readonly ports: SharedHuntPorts,
  ) {}

  /** The runs of what was hunted: what was left has none, and stays due. */
  async hunt(requests: readonly HuntRequest[]): Promise<Run[]> {
    const { huntAll, onError } = this.ports;
    if (requests.some(({ origin }) => origin !== 'schedule')) return huntAll(requests);
    this.leases.start(onError);
    await this.leases.beat();
    const own = requests.filter(({ analytic }) => this.leases.holds(analytic.id));
    for (const { analytic } of requests.filter((request) => !own.includes(request))) this.leave(analytic.id);
    if (own.length === 0) return [];
    const ids = own.map(({ analytic }) => analytic.id);
    await this.closeRuns(ids);
    const runs = await this.leases.during(ids, (lost) => huntAll(own.map((request) => held(request, lost))));
    for (const id of ids) this.left.delete(id);
    await this.leases.beat().catch(onError); // hands over what was asked for meanwhile, before the next hunt begins
    return runs;
  }

  /** Once no hunt is at work any more. */
  stop(): Promise<void> {
    return this.leases.stop();
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
}

/** The request, cut when the lease is lost. */
const held = (request: HuntRequest, lost: AbortSignal): HuntRequest => ({
  ...request,
  signal: AbortSignal.any(request.signal ? [request.signal, lost] : [lost]),
});
