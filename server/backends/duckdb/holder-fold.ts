import type { Row } from '../../../mappings/duckdb/tables.js';
import { HOUR_MS } from '../../model/episode.js';

type Holder = Row<'holders'>;

/** One row an address, host and hour: who holds an address is asked to the day, not to the event. */
export class HolderFold {
  /** In the order in which they were first seen. */
  readonly rows: Holder[] = [];
  private readonly byHost = new Map<Holder['host'], Map<Holder['address'], Holder[]>>();

  add(holder: Holder): void {
    const known = this.knownOf(holder);
    const same = known.find((other) => isSame(other, holder));
    if (same) widen(same, holder);
    else {
      this.rows.push(holder);
      known.push(holder);
    }
  }

  /** Rows of the same host and address: few, whereas every host of a site may have 172.17.0.1. */
  private knownOf({ host, address }: Holder): Holder[] {
    let ofHost = this.byHost.get(host);
    if (!ofHost) {
      ofHost = new Map();
      this.byHost.set(host, ofHost);
    }
    let known = ofHost.get(address);
    if (!known) {
      known = [];
      ofHost.set(address, known);
    }
    return known;
  }
}

const hourOf = ({ time }: Holder): number => Math.floor(Number(time) / HOUR_MS);

const isSame = (one: Holder, other: Holder): boolean =>
  one.host_name === other.host_name &&
  one.container === other.container &&
  one.platform === other.platform &&
  hourOf(one) === hourOf(other);

function widen(known: Holder, { time }: Holder): void {
  if (time! < known.time!) known.time = time;
  else if (time! > known.last!) known.last = time;
}
