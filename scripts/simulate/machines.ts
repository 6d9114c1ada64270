import { createHash } from 'node:crypto';

/** A machine of the invented office. Names, people and numbers belong to nobody. */
export interface Machine {
  name: string;
  /** Decides what agent it runs. `kubernetes`: a node or a container on one; a `device` (phone, printer) runs none. */
  system: 'windows' | 'macos' | 'linux' | 'kubernetes' | 'device';
  address: string;
  /** Some machines have IPv6 too (documentation range). */
  address6?: string;
  /** As an agent writes host.id. */
  id: string;
  user: User | null;
  /** TCP ports that answer. */
  open: readonly number[];
  /** UDP ports that answer. */
  openUdp: readonly number[];
  /** What its other ports do: `reset` refuses, `drop` leaves a firewall's silence. */
  closed: 'reset' | 'drop';
  /** Destination ports that its own firewall forbids to reach. */
  forbidden: readonly number[];
  /** Where it is a container. */
  container?: Container;
}

interface Container {
  node: Machine;
  namespace: string;
  pod: string;
  /** What its pod is a copy of. */
  workload: string;
  /** 64 hexadecimal digits. */
  id: string;
  name: string;
  image: string;
}

export interface User {
  name: string;
  /** A SID on Windows, a uid elsewhere. */
  id: string;
}

export const windowsDomain = 'HARBORVIEW';
const dnsDomain = 'harborview.example';
const domainSid = 'S-1-5-21-2718281828-3141592653-1618033988';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

type Details = Partial<Pick<Machine, 'address6' | 'open' | 'openUdp' | 'closed' | 'forbidden' | 'container'>> & {
  user?: [name: string, number: number];
};

/** Ports are closed silently unless something else is said; its id follows from its name. */
export function machine(name: string, system: Machine['system'], address: string, details: Details): Machine {
  const { user, ...rest } = details;
  const hex = sha256(`machine ${name}`);
  return {
    name: system === 'windows' ? `${name}.${dnsDomain}` : name,
    system,
    address,
    id: [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-'),
    user: user ? { name: user[0], id: system === 'windows' ? `${domainSid}-${user[1]}` : String(user[1]) } : null,
    open: [],
    openUdp: [],
    closed: 'drop',
    forbidden: [],
    ...rest,
  };
}

/** `count` machines of a kind, told apart by their number from 0 on. */
export const several = (count: number, make: (number: number) => Machine): Machine[] =>
  Array.from({ length: Math.max(0, count) }, (_, number) => make(number));

/** A name's number with leading zeros. */
export const numbered = (name: string, number: number): string => `${name}${String(number).padStart(3, '0')}`;
