import { isInside } from './addresses.js';
import { Cluster } from './cluster.js';
import { type Machine, machine, numbered, several } from './machines.js';

/** How an attempt ends. `blocked`: the source's own firewall forbade it and nothing went out. */
export type Reach = 'answered' | 'refused' | 'unanswered' | 'blocked';

/** How many machines of each kind. The first four Windows clients and the first two Macs are always there. */
export interface OfficeSize {
  /** Windows clients, 4 to 2,200. */
  windows: number;
  /** 2 to 900. */
  macs: number;
  /** Linux servers: none, or 10 to 1,400. */
  linux: number;
  /** Pods of a Kubernetes cluster: none, or 16 to 2,400. */
  pods: number;
}

/** `small` is the office of the bundled sample. */
export const SIZES = {
  small: { windows: 4, macs: 2, linux: 0, pods: 0 },
  medium: { windows: 30, macs: 8, linux: 20, pods: 30 },
  large: { windows: 400, macs: 60, linux: 120, pods: 300 },
} as const satisfies Record<string, OfficeSize>;

/** Workstations may not use remote desktop: their own firewall forbids it. */
const noRemoteDesktop = { forbidden: [3389] };

/** Linux servers with a part of their own, in the order of their addresses. The rest are application servers. */
const roles: readonly (readonly [name: string, open: readonly number[], closed: Machine['closed']])[] = [
  ['web01', [80, 443], 'reset'],
  ['web02', [80, 443], 'reset'],
  ['db01', [5432], 'drop'],
  ['db02', [5432], 'drop'],
  ['log01', [5044, 9200], 'drop'],
  ['backup01', [873], 'drop'],
  ['mon02', [80, 443], 'reset'],
  ['config01', [443], 'drop'],
  ['vulnscan', [9392], 'drop'],
  ['bastion', [], 'reset'],
];

/**
 * Windows servers in 10.20.1.0/24, Linux servers from 10.20.2.0/24, Windows clients from 10.20.10.0/24, Wi-Fi (macOS,
 * phones, a printer) from 10.20.20.0/24, cluster nodes from 10.20.40.0/24.
 */
export class Office {
  readonly domainController = machine('DC01', 'windows', '10.20.1.10', {
    open: [53, 88, 135, 389, 445, 3389, 49668],
    openUdp: [53, 88, 123, 137],
  });
  readonly fileServer = machine('FS01', 'windows', '10.20.1.20', { open: [135, 445, 3389], openUdp: [137] });
  readonly monitor = machine('MON01', 'windows', '10.20.1.30', { open: [443, 3389], openUdp: [137] });
  readonly intranet = machine('intranet', 'device', '10.20.1.40', { open: [22, 80, 443], closed: 'reset' });
  readonly printer = machine('printer-2', 'device', '10.20.20.9', { open: [80, 443, 631, 9100], closed: 'reset' });

  readonly alder = machine('WS-ALDER', 'windows', '10.20.10.21', {
    ...noRemoteDesktop,
    address6: '2001:db8:20:10::21',
    user: ['mila', 1104],
    open: [445],
    openUdp: [137],
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
    openUdp: [137],
  });
  readonly elm = machine('WS-ELM', 'windows', '10.20.10.24', { user: ['tomas', 1115], open: [445, 3389] });

  readonly ivy = machine('mac-ivy', 'macos', '10.20.20.31', { user: ['ivy', 501], open: [22], closed: 'reset' });
  readonly oak = machine('mac-oak', 'macos', '10.20.20.32', { user: ['owen', 501], open: [5900], closed: 'reset' });

  readonly windowsClients: readonly Machine[];
  readonly macs: readonly Machine[];
  readonly phones: readonly Machine[];
  /** Hands updates and programs to Windows clients, where there are more than the first four. */
  readonly patchServer: Machine | undefined;
  readonly linuxServers: readonly Machine[];
  readonly cluster: Cluster | undefined;
  readonly #byAddress: ReadonlyMap<string, Machine>;

  constructor({ windows, macs, linux, pods }: OfficeSize) {
    this.windowsClients = [this.alder, this.birch, this.cedar, this.elm, ...several(windows - 4, windowsClient)];
    this.macs = [this.ivy, this.oak, ...several(macs - 2, mac)];
    this.phones = [
      machine('phone-1', 'device', '10.20.20.51', { closed: 'reset' }),
      machine('phone-2', 'device', '10.20.20.52', { closed: 'reset' }),
      ...several(Math.floor((windows - 4) / 5), phone),
    ];
    this.patchServer =
      windows > 4 ? machine('PATCH01', 'windows', '10.20.1.50', { open: [135, 445, 8530], openUdp: [137] }) : undefined;
    this.linuxServers = several(linux, linuxServer);
    this.cluster = pods > 0 ? new Cluster(pods) : undefined;
    this.#byAddress = new Map(
      [
        ...[this.domainController, this.fileServer, this.monitor, this.intranet, this.printer],
        ...(this.patchServer ? [this.patchServer] : []),
        ...[this.windowsClients, this.macs, this.phones, this.linuxServers].flat(),
        ...(this.cluster?.machines ?? []),
      ].flatMap((one) => [one.address, ...(one.address6 ? [one.address6] : [])].map((address) => [address, one])),
    );
  }

  at(address: string): Machine | undefined {
    return this.#byAddress.get(address);
  }

  /** The Linux server of that name. Throws where there is none. */
  linux(name: string): Machine {
    const found = this.linuxServers.find((server) => server.name === name);
    if (!found) throw new RangeError(`This office has no ${name}.`);
    return found;
  }

  /** How an attempt of `source` ends: inside by the machine that is there, outside (all of it invented) answered. */
  reach(source: Machine, destination: string, port: number, transport: 'tcp' | 'udp'): Reach {
    if (source.forbidden.includes(port)) return 'blocked';
    if (!isInside(destination)) return 'answered';
    const target = this.at(destination);
    if (transport === 'udp') return target?.openUdp.includes(port) ? 'answered' : 'unanswered';
    if (!target) return 'unanswered';
    if (target.open.includes(port)) return 'answered';
    return target.closed === 'reset' ? 'refused' : 'unanswered';
  }
}

/** From the fifth on; every second has IPv6, one in three shares files. */
function windowsClient(number: number): Machine {
  const subnet = 10 + Math.floor(number / 220);
  const last = 25 + (number % 220);
  return machine(numbered('WS-', number + 5), 'windows', `10.20.${subnet}.${last}`, {
    ...noRemoteDesktop,
    user: [numbered('user', number + 5), 1_200 + number],
    open: number % 3 === 0 ? [445] : [],
    ...(number % 2 === 0 ? { address6: `2001:db8:20:${subnet}::${last}` } : {}),
  });
}

const mac = (number: number): Machine =>
  machine(numbered('mac-', number + 3), 'macos', `10.20.${20 + Math.floor(number / 90)}.${60 + (number % 90)}`, {
    user: [numbered('person', number + 3), 501],
    open: number % 4 === 0 ? [22] : [],
    closed: 'reset',
  });

const phone = (number: number): Machine =>
  machine(numbered('phone-', number + 3), 'device', `10.20.${20 + Math.floor(number / 100)}.${150 + (number % 100)}`, {
    closed: 'reset',
  });

function linuxServer(number: number): Machine {
  const [name, open, closed] = roles[number] ?? [numbered('app', number - roles.length + 1), [8080], 'drop' as const];
  return machine(name, 'linux', `10.20.${2 + Math.floor(number / 240)}.${11 + (number % 240)}`, {
    user: ['admin', 1_000],
    open: [22, 9100, ...open],
    closed,
  });
}
