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

/** Hunts on schedule what this instance holds the leases of, and leaves the rest to others; hunts by order as they come. */
export class SharedHunts {
  /** To whom hunts were left since they were last made here. */
  private readonly left = new Map<AnalyticId, string | null>();

  constructor(
    private readonly leases: Leases,
    private readonly huntAll: (requests: readonly HuntRequest[]) => Promise<Run[]>,
    private readonly says: { left: (hunt: LeftHunt) => void; trouble: (error: unknown) => void },
  ) {}

  /** The runs of what was hunted: what was left has none, and stays due. */
  async hunt(requests: readonly HuntRequest[]): Promise<Run[]> {
    if (requests.some(({ origin }) => origin !== 'schedule')) return this.huntAll(requests);
    this.leases.start(this.says.trouble);
    await this.leases.beat();
    const own = requests.filter(({ analytic }) => this.leases.holds(analytic.id));
    for (const { analytic } of requests.filter((request) => !own.includes(request))) this.leave(analytic.id);
    if (own.length === 0) return [];
    const ids = own.map(({ analytic }) => analytic.id);
    const runs = await this.leases.during(ids, (lost) => this.huntAll(own.map((request) => held(request, lost))));
    for (const id of ids) this.left.delete(id);
    await this.leases.beat().catch(this.says.trouble); // hands over what was asked for meanwhile, before the next hunt begins
    return runs;
  }

  /** Once no hunt is at work any more. */
  stop(): Promise<void> {
    return this.leases.stop();
  }

  private leave(analytic: AnalyticId): void {
    const holder = this.leases.holderOf(analytic);
    this.says.left({ analytic, holder, isNews: this.left.get(analytic) !== holder });
    this.left.set(analytic, holder);
  }
}

/** The request, cut when the lease is lost. */
const held = (request: HuntRequest, lost: AbortSignal): HuntRequest => ({
  ...request,
  signal: AbortSignal.any(request.signal ? [request.signal, lost] : [lost]),
});
