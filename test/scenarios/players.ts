import type { AnalyticId } from '../../queries/analytic.js';
import type { EcsDocument } from '../../queries/document.js';
import type { Cast, Machine } from './cast.js';
import { auditConnect, auditStart } from './telemetry/auditd.js';
import { defendConnection, defendStart } from './telemetry/defend.js';
import { ecsConnection } from './telemetry/ecs.js';
import { securityConnection, sysmonConnection, sysmonStart } from './telemetry/windows.js';

interface Reach {
  at: number;
  to: string;
  port: number;
  transport?: 'tcp' | 'udp';
  pid?: number;
  /** It was refused; default: it was let go, and nothing says how it ended. */
  isRefused?: boolean;
  program?: string;
}

/** One analytic's usual telemetry: a program of the cast's first machine (or its first container) acts. */
export interface Player {
  analytic: AnalyticId;
  program: string;
  reach(cast: Cast, reach: Reach): EcsDocument;
  start(cast: Cast, start: { at: number; args?: string; program?: string; pid?: number }): EcsDocument;
  /** Shows who holds the address `cast.ip(1)`. Absent: nobody need. */
  holds?(cast: Cast, at: number): EcsDocument;
}

const windowsProgram = 'C:\\Windows\\System32\\tool.exe';
const program = '/usr/local/bin/tool';

const windows: Player = {
  analytic: 'AN1057',
  program: windowsProgram,
  reach: (cast, { isRefused = false, ...reach }) =>
    securityConnection({ machine: cast.machine(), program: windowsProgram, ...reach, isBlocked: isRefused }),
  start: (cast, start) => sysmonStart({ machine: cast.machine(), program: windowsProgram, ...start }),
  holds: (cast, at) =>
    sysmonConnection({ at, machine: cast.machine(), program: 'C:\\office.exe', to: '192.0.2.1', port: 443 }),
};

const linux: Player = {
  analytic: 'AN1058',
  program,
  reach: (cast, { isRefused, ...reach }) =>
    auditConnect({ machine: cast.machine(), program, ...reach, ...(isRefused ? { exit: 'ECONNREFUSED' } : {}) }),
  start: (cast, start) => auditStart({ machine: cast.machine(), program, ...start }),
};

const macos: Player = {
  analytic: 'AN1059',
  program,
  reach: (cast, { isRefused, ...reach }) => {
    const attempt = { machine: cast.machine(), program, ...reach };
    return isRefused ? ecsConnection({ ...attempt, os: 'macos', isDenied: true }) : defendConnection(attempt);
  },
  start: (cast, start) => defendStart({ machine: cast.machine(), program, ...start }),
  holds: (cast, at) =>
    defendConnection({ at, machine: cast.machine(), program: '/Applications/Mail', to: '192.0.2.1', port: 993 }),
};

/** The machine that the cast's containers run on. */
export const nodeOf = (cast: Cast): Machine => cast.machine(99);

const container: Player = {
  analytic: 'AN1060',
  program,
  reach: (cast, { isRefused, ...reach }) =>
    ecsConnection({
      machine: nodeOf(cast),
      container: cast.container(),
      from: cast.ip(1),
      program,
      ...reach,
      isDenied: isRefused ?? false,
    }),
  start: (cast, start) => auditStart({ machine: nodeOf(cast), container: cast.container(), program, ...start }),
  holds: (cast, at) => container.reach(cast, { at, to: '192.0.2.1', port: 443, program: '/app/server' }),
};

export const players: readonly Player[] = [windows, linux, macos, container];
export const playerOf = (analytic: AnalyticId): Player => players.find((player) => player.analytic === analytic)!;
