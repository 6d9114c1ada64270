import type { Alert } from '../../server/model/alert.js';
import { parseSubjectKey } from '../../server/model/subject.js';

/** A computer of a scenario. */
export interface Machine {
  id: string;
  name: string;
  ip: string;
}

/**
 * Who plays in one scenario: machines, addresses and containers that no other scenario has. So many scenarios play on
 * one site at once, are hunted together, and their alerts are told apart by who they are about.
 */
export class Cast {
  /** @param number from 0 to 2,047 */
  constructor(private readonly number: number) {}

  machine(index = 1): Machine {
    const name = `${this.prefix}${index}`;
    return { id: `${name}-id`, name, ip: this.ip(index) };
  }

  /** An own address, of machine `index` where that is below 100. */
  ip(index: number): string {
    return `${this.network}${index}`;
  }

  /** A public IPv6 address of the scenario's own /64. */
  ip6(index: number): string {
    return `${this.network6}${index.toString(16)}`;
  }

  container(index = 1): string {
    return `${this.prefix}container-${index}`;
  }

  /** Whether a subject is of this scenario. */
  plays(subjectKey: string): boolean {
    const subject = parseSubjectKey(subjectKey);
    if (subject.kind === 'process')
      return subject.host.startsWith(this.prefix) || subject.container.startsWith(this.prefix);
    return subject.address.startsWith(this.network) || subject.address.startsWith(this.network6);
  }

  isOf = (alert: Alert): boolean => this.plays(alert.scanhound.subject.key);

  private get prefix(): string {
    return `s${this.number}-`;
  }

  private get network(): string {
    return `10.${16 + (this.number >> 8)}.${this.number & 255}.`;
  }

  private get network6(): string {
    return `2001:db8:${(this.number + 1).toString(16)}::`;
  }
}
