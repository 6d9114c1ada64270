import { createHash } from 'node:crypto';

/** How an attempt ends. `blocked`: the source's own firewall forbade it and nothing went out. */
export type Reach = 'answered' | 'refused' | 'unanswered' | 'blocked';

/** A machine of the invented office. Inside is 10.20.0.0/16; names, people and numbers belong to nobody. */
export interface Machine {
  name: string;
  /** A `device` (phone, printer) runs no agent. */
  system: 'windows' | 'macos' | 'device';
  address: string;
  /** Some machines have IPv6 too (documentation range). */
  address6?: string;
  /** As an agent writes host.id. */
  id: string;
  user: User | null;
  /** TCP ports that answer. */
  open: readonly number[];
  /** What its other ports do: `reset` refuses, `drop` leaves a firewall's silence. */
  closed: 'reset' | 'drop';
  /** Destination ports that its own firewall forbids to reach. */
  forbidden: readonly number[];
}

export interface User {
  name: string;
  /** A SID on Windows, a uid on macOS. */
  id: string;
}

export const windowsDomain = 'HARBORVIEW';
const dnsDomain = 'harborview.example';
const domainSid = 'S-1-5-21-2718281828-3141592653-1618033988';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const machine = (
  name: string,
  system: Machine['system'],
  address: string,
  more: Partial<Pick<Machine, 'address6' | 'open' | 'closed' | 'forbidden'>> & {
    user?: [name: string, number: number];
  },
): Machine => {
  const { user, ...rest } = more;
  const hex = sha256(`machine ${name}`);
  return {
    name: system === 'windows' ? `${name}.${dnsDomain}` : name,
    system,
    address,
    id: [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-'),
    user: user ? { name: user[0], id: system === 'windows' ? `${domainSid}-${user[1]}` : String(user[1]) } : null,
    open: [],
    closed: 'drop',
    forbidden: [],
    ...rest,
  };
};

/** Workstations may not use remote desktop: their own firewall forbids it. */
const noRemoteDesktop = { forbidden: [3389] };

/** Servers in 10.20.1.0/24, Windows clients in 10.20.10.0/24, Wi-Fi (macOS, phones, a printer) in 10.20.20.0/24. */
export class Office {
  readonly domainController = machine('DC01', 'windows', '10.20.1.10', { open: [53, 88, 135, 389, 445, 3389, 49668] });
  readonly fileServer = machine('FS01', 'windows', '10.20.1.20', { open: [135, 445, 3389] });
  readonly monitor = machine('MON01', 'windows', '10.20.1.30', { open: [443, 3389] });
  readonly intranet = machine('intranet', 'device', '10.20.1.40', { open: [22, 80, 443], closed: 'reset' });
  readonly printer = machine('printer-2', 'device', '10.20.20.9', { open: [80, 443, 631, 9100], closed: 'reset' });

  readonly alder = machine('WS-ALDER', 'windows', '10.20.10.21', {
    ...noRemoteDesktop,
    address6: '2001:db8:20:10::21',
    user: ['mila', 1104],
    open: [445],
  });
  readonly birch = machine('WS-BIRCH', 'windows', '10.20.10.22', {
    ...noRemoteDesktop,
    address6: '2001:db8:20:10::22',
    user: ['kofi', 1107],
  });
  readonly cedar = machine('WS-CEDAR', 'windows', '10.20.10.23', {
    ...noRemoteDesktop,
    user: ['ines', 1111],
    open: [445],
  });
  readonly elm = machine('WS-ELM', 'windows', '10.20.10.24', { user: ['tomas', 1115], open: [445, 3389] });

  readonly ivy = machine('mac-ivy', 'macos', '10.20.20.31', { user: ['ivy', 501], open: [22], closed: 'reset' });
  readonly oak = machine('mac-oak', 'macos', '10.20.20.32', { user: ['owen', 501], open: [5900], closed: 'reset' });
  readonly phones: readonly Machine[] = [
    machine('phone-1', 'device', '10.20.20.51', { closed: 'reset' }),
    machine('phone-2', 'device', '10.20.20.52', { closed: 'reset' }),
  ];

  readonly windowsClients: readonly Machine[] = [this.alder, this.birch, this.cedar, this.elm];
  readonly macs: readonly Machine[] = [this.ivy, this.oak];

  readonly #byAddress = new Map(
    [
      ...[this.domainController, this.fileServer, this.monitor, this.intranet, this.printer],
      ...[...this.windowsClients, ...this.macs, ...this.phones],
    ].map((one) => [one.address, one]),
  );

  at(address: string): Machine | undefined {
    return this.#byAddress.get(address);
  }

  /** How an attempt of `source` ends: inside by the machine that is there, outside (all of it invented) answered. */
  reach(source: Machine, destination: string, port: number, transport: 'tcp' | 'udp'): Reach {
    if (source.forbidden.includes(port)) return 'blocked';
    if (!isInside(destination) || transport === 'udp') return 'answered';
    const target = this.at(destination);
    if (!target) return 'unanswered';
    if (target.open.includes(port)) return 'answered';
    return target.closed === 'reset' ? 'refused' : 'unanswered';
  }
}

/** Whether an address is one of the office's. */
export const isInside = (address: string): boolean => address.startsWith('10.20.');

/** The subnet of an office address, which one switch serves: what stays in it passes no sensor. */
export const subnetOf = (address: string): string => address.slice(0, address.lastIndexOf('.'));

/** Addresses outside are those that RFC 5737 and RFC 3849 keep for documentation: one name has always the same. */
export function foreignAddress(name: string): string {
  const hash = Number.parseInt(sha256(name).slice(0, 8), 16);
  const network = ['192.0.2', '198.51.100', '203.0.113'][hash % 3]!;
  return `${network}.${1 + (Math.floor(hash / 3) % 254)}`;
}

export const foreignAddress6 = (name: string): string =>
  `2001:db8:c0de::${Number.parseInt(sha256(name).slice(0, 4), 16).toString(16)}`;
