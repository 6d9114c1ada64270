import type { EcsDocument } from '../../queries/document.js';
import { Random } from '../../scripts/simulate/random.js';
import { zeekConn } from '../scenarios/telemetry/sensors.js';
import { sysmonConnection } from '../scenarios/telemetry/windows.js';
import { at, repeat } from '../scenarios/times.js';

/** A scan that is to be found once. */
export interface Planted {
  /** What its alert names: a machine, else an address. */
  who: string;
  hosts: number;
  sockets: number;
}

interface Scan extends Planted {
  events: (EcsDocument & { '@timestamp': string })[];
}

/** Seconds from one scan to the next. */
const APART = 10;
/** No scan takes longer, in seconds. */
const LONGEST = 40;
const CLIENTS = 4_000;
const MACHINES = 500;

/**
 * The telemetry of a site, second after second: clients with their usual servers and the web, a fifth of it told by
 * Windows machines themselves; and scans, none of them by anybody who does anything else.
 */
export class SoakTelemetry {
  private readonly random: Random;

  /** @param seconds how long it goes on */
  constructor(
    seed: number,
    private readonly rate: number,
    private readonly seconds: number,
  ) {
    this.random = Random.of(seed, 'soak');
  }

  /** Lines of JSON: a second's events, in order of time. */
  second(second: number): string {
    const scans = repeat(Math.ceil(LONGEST / APART), (ago) => Math.floor(second / APART) - ago)
      .filter((number) => number >= 0 && this.isPlayed(number))
      .flatMap((number) => scanOf(number).events)
      .filter((event) => Math.floor((Date.parse(event['@timestamp']) - at(0)) / 1_000) === second);
    const usual = repeat(Math.max(0, this.rate - scans.length), (place) =>
      this.usual(at(second, Math.floor((place * 1_000) / this.rate))),
    );
    return [...scans, ...usual].map((event) => `${JSON.stringify(event)}\n`).join('');
  }

  planted(): Planted[] {
    const all = repeat(Math.ceil(this.seconds / APART), (number) => number).filter((number) => this.isPlayed(number));
    return all.map(scanOf).map(({ who, hosts, sockets }) => ({ who, hosts, sockets }));
  }

  private isPlayed(number: number): boolean {
    return number * APART + LONGEST <= this.seconds;
  }

  private usual(time: number): EcsDocument {
    const { random } = this;
    const isWeb = random.chance(0.5);
    if (random.chance(0.2)) {
      const machine = random.integer(0, MACHINES - 1);
      const to = isWeb ? webServer(random) : serverOf(machine, random);
      return sysmonConnection({ at: time, machine: machineOf(machine), program: BROWSER, to, port: 443 });
    }
    const client = random.integer(0, CLIENTS - 1);
    const from = `10.8.${client >> 8}.${client & 255}`;
    return zeekConn({ at: time, from, to: isWeb ? webServer(random) : serverOf(client, random), port: 443 });
  }
}

const BROWSER = 'C:\\Program Files\\Browser\\browser.exe';
const webServer = (random: Random): string => `93.184.${random.integer(0, 255)}.${random.integer(1, 254)}`;
/** Each has four. */
const serverOf = (client: number, random: Random): string => `10.200.0.${1 + ((client + random.integer(0, 3)) % 200)}`;
const machineOf = (number: number) => ({
  id: `machine-${number}`,
  name: `machine-${number}`,
  ip: `10.7.${number >> 8}.${number & 255}`,
});

/** Sweeps and scans of ports, quick and slow, told by the network or by a machine. */
function scanOf(number: number): Scan {
  const start = number * APART;
  const from = `10.${64 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`;
  switch (number % 4) {
    case 0:
      return {
        ...{ who: from, hosts: 30, sockets: 30 },
        events: told(30, (i) =>
          zeekConn({ at: at(start, i * 1_300), from, to: target(i), port: 445, ended: 'refused' }),
        ),
      };
    case 1:
      return {
        ...{ who: from, hosts: 1, sockets: 40 },
        events: told(40, (i) => zeekConn({ at: at(start, i * 20), from, to: target(0), port: 1_000 + i * 7 })),
      };
    case 2:
      return {
        ...{ who: from, hosts: 20, sockets: 20 },
        events: told(20, (i) => zeekConn({ at: at(start, i * 1_900), from, to: target(i), port: 22 })),
      };
    default: {
      const machine = { ...machineOf(MACHINES + number), ip: from };
      const program = 'C:\\Temp\\tool.exe';
      return {
        ...{ who: machine.name, hosts: 25, sockets: 25 },
        events: told(25, (i) =>
          sysmonConnection({ at: at(start, i * 200), machine, program, to: target(i), port: 445 }),
        ),
      };
    }
  }
}

const target = (number: number): string => `10.201.0.${1 + number * 7}`;

const told = (count: number, make: (index: number) => EcsDocument) =>
  repeat(count, make) as (EcsDocument & { '@timestamp': string })[];
