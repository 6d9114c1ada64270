import type { AnalyticId } from '../../queries/analytic.js';
import type { Platform } from '../../queries/integration.js';
import type { AddressSet } from '../model/address.js';
import { DAY_MS } from '../model/episode.js';
import { groupBy } from '../model/group-by.js';
import type { Holding } from '../model/ports.js';

export interface Holder {
  host: string;
  hostName: string | null;
  analytic: AnalyticId;
}

const BY_PLATFORM: Readonly<Record<Platform, AnalyticId>> = { windows: 'AN1057', linux: 'AN1058', macos: 'AN1059' };

/** Flows of addresses that no known host holds, and records that name no operating system. */
const UNKNOWN: AnalyticId = 'AN1058';

/**
 * Which host holds an address at a time: the only one that was seen with it within a day. Addresses that several hosts
 * share belong to none.
 */
export class Holders {
  private readonly byAddress: ReadonlyMap<string, Holding[]>;

  constructor(
    holdings: readonly Holding[],
    private readonly shared: AddressSet,
  ) {
    this.byAddress = groupBy(holdings, ({ address }) => address);
  }

  holderOf(address: string, time: number): Holder | undefined {
    if (this.shared.has(address)) return undefined;
    const seen = (this.byAddress.get(address) ?? []).filter(
      ({ from, to }) => time >= from - DAY_MS && time <= to + DAY_MS,
    );
    const [first] = seen;
    if (!first || seen.some(({ host }) => host !== first.host)) return undefined;
    const onHost = seen.find(({ container }) => container === '');
    const { host, hostName, platform } = onHost ?? first;
    return { host, hostName, analytic: onHost ? (platform ? BY_PLATFORM[platform] : UNKNOWN) : 'AN1060' };
  }

  analyticOf(address: string, time: number): AnalyticId {
    return this.holderOf(address, time)?.analytic ?? UNKNOWN;
  }
}
