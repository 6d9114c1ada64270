import type { EcsDocument } from '../../queries/document.js';
import type { Cast } from './cast.js';
import { quick, type Scenario } from './scenario.js';
import { auditConnect, auditExit, auditRawSocket, auditStart } from './telemetry/auditd.js';
import { ecsConnection } from './telemetry/ecs.js';
import { eveFlow } from './telemetry/sensors.js';
import { own } from './thresholds.js';
import { at, DAY, HOUR, MINUTE, repeat, scattered } from './times.js';

const bash = '/usr/bin/bash';
const nc = '/usr/bin/nc.openbsd';
const nmap = '/usr/bin/nmap';

/** Sixteen own hosts by one program: each contact by a process of its own, or all by one. */
const contacts = (cast: Cast, program: string, pid: (index: number) => number): EcsDocument[] =>
  scattered(16).map((host, i) =>
    auditConnect({ at: at(1, i * 100), machine: cast.machine(), program, pid: pid(i), to: own(host), port: 22 }),
  );

export const an1058: readonly Scenario[] = [
  {
    name: 'AN1058: a shell loop of nc -zv, one process a probe, is one subject and one alert',
    events: (cast) => [
      auditStart({
        ...{ at: at(0), machine: cast.machine(), program: bash, pid: 50 },
        args: '-c for h in $(seq 16); do nc -zv -w1 10.200.0.$h 22; done',
      }),
      ...repeat(16, (i) =>
        auditStart({
          ...{ at: at(1, i * 100 - 1), machine: cast.machine(), program: nc, pid: 100 + i },
          ...{ args: `-zv -w1 ${own(i)} 22`, parent: { program: bash, pid: 50 } },
        }),
      ),
      ...contacts(cast, nc, (i) => 100 + i),
    ],
    found: [
      {
        analytic: 'AN1058',
        who: 'nc.openbsd',
        severity: 'high',
        joined: 1, // the shell that says what it will do
        measures: [...quick('hosts own any', 16), ...quick('sockets own any', 16)],
      },
    ],
  },
  {
    name: "AN1058: a loop over bash's own sockets is one subject and one alert",
    events: (cast) => [
      auditStart({
        ...{ at: at(0), machine: cast.machine(), program: bash, pid: 50 },
        args: '-c for h in $(seq 16); do (echo > /dev/tcp/10.200.0.$h/22); done',
      }),
      ...contacts(cast, bash, (i) => (i === 0 ? 50 : 100 + i)),
    ],
    found: [{ analytic: 'AN1058', who: 'bash', severity: 'high', joined: 0, sockets: 16 }],
  },
  {
    name: 'AN1058: nmap launched alone is low',
    events: (cast) => [auditStart({ at: at(0), machine: cast.machine(), program: nmap, args: '-sT 10.0.0.0/24' })],
    found: [{ analytic: 'AN1058', who: 'nmap', severity: 'low', shape: 'launch', measures: [] }],
  },
  {
    name: 'AN1058: a SYN scan as root: its launch and its raw sockets, no connect',
    events: (cast) => [
      auditStart({ at: at(0), machine: cast.machine(), program: nmap, args: '-sS 10.200.0.0/24' }),
      auditRawSocket({ at: at(1), machine: cast.machine(), program: nmap }),
      auditRawSocket({ at: at(2), machine: cast.machine(), program: nmap }),
    ],
    found: [{ analytic: 'AN1058', who: 'nmap', severity: 'high', points: { 'raw sockets': 8, tool: 15 } }],
  },
  {
    name: 'AN1058: a raw socket of a program that was not launched to scan stays quiet',
    events: (cast) => [
      auditStart({ at: at(0), machine: cast.machine(), program: '/usr/bin/ping', args: '10.0.0.1' }),
      auditRawSocket({ at: at(1), machine: cast.machine(), program: '/usr/bin/ping' }),
    ],
    found: [],
  },
  {
    name: 'AN1058: that scan and what Suricata saw of it are one alert',
    events: (cast) => [
      auditStart({ at: at(0), machine: cast.machine(), program: nmap, args: '-sS 10.200.0.0/24' }),
      auditRawSocket({ at: at(1), machine: cast.machine(), program: nmap }),
      ...scattered(16).map((host, i) =>
        eveFlow({ at: at(2, i * 10), from: cast.machine().ip, to: own(host), port: 22, ended: 'refused' }),
      ),
    ],
    found: [
      {
        analytic: 'AN1058',
        who: 'nmap',
        severity: 'high',
        joined: 1,
        measures: [...quick('hosts own any', 16), ...quick('sockets own failed', 16)],
      },
    ],
  },
  {
    name: 'AN1058: a connect scan that auditd and Suricata see is one alert',
    events: (cast) => [
      ...contacts(cast, nmap, () => 100),
      ...scattered(16).map((host, i) =>
        eveFlow({ at: at(1, i * 100 + 2), from: cast.machine().ip, to: own(host), port: 22 }),
      ),
    ],
    found: [{ analytic: 'AN1058', who: 'nmap', severity: 'medium', joined: 1 }],
  },
  {
    name: 'AN1058: tools of two uses, launched with plain arguments, stay quiet',
    events: (cast) =>
      [
        [nc, '-l 8080'],
        [nc, '10.0.0.1 22'],
        ['/usr/bin/curl', 'http://10.0.0.1/'],
        ['/usr/bin/ssh', '-v host'],
        ['/usr/bin/vim', '/home/ann/nmap'],
      ].map(([program, args], i) =>
        auditStart({ at: at(i), machine: cast.machine(), program: program!, pid: 100 + i, args: args! }),
      ),
    found: [],
  },
  {
    name: 'AN1058: nc told to scan, launched alone, is low',
    events: (cast) => [auditStart({ at: at(0), machine: cast.machine(), program: nc, args: '-z -w 1 10.0.0.1 20-25' })],
    found: [{ analytic: 'AN1058', who: 'nc.openbsd', severity: 'low' }],
  },
  {
    name: 'AN1058: a failed launch is none, and connects to port 0 are no contacts',
    events: (cast) => [
      { ...auditStart({ at: at(0), machine: cast.machine(), program: nmap }), 'auditd.result': 'fail' },
      ...scattered(16).map((host, i) =>
        auditConnect({ at: at(i), machine: cast.machine(), program: '/usr/bin/getent', to: own(host), port: 0 }),
      ),
    ],
    found: [],
  },
  {
    name: 'AN1058: a pid that ended is not the launch of what came after it',
    events: (cast) => [
      auditStart({ at: at(-HOUR), machine: cast.machine(), program: nmap, args: '--version', pid: 100 }),
      auditExit({ at: at(-HOUR + 1), machine: cast.machine(), program: nmap, pid: 100 }),
      ...contacts(cast, '/opt/app', () => 100),
    ],
    found: [
      { analytic: 'AN1058', who: 'nmap', severity: 'low' },
      { analytic: 'AN1058', who: 'app', severity: 'medium', points: { tool: 0 } },
    ],
  },
  {
    name: 'AN1058: a launch of hours ago is joined by its pid',
    events: (cast) => [
      auditStart({
        at: at(-20 * HOUR),
        machine: cast.machine(),
        program: '/opt/app',
        args: '-sT -Pn x -p 1,2',
        pid: 100,
      }),
      ...contacts(cast, '/opt/app', () => 100),
    ],
    found: [
      { analytic: 'AN1058', severity: 'low', start: at(-20 * HOUR) },
      { analytic: 'AN1058', severity: 'high', points: { tool: 15 } },
    ],
  },
  {
    name: 'AN1058: a launch of more than a day ago is not',
    events: (cast) => [
      auditStart({
        at: at(-DAY - MINUTE),
        machine: cast.machine(),
        program: '/opt/app',
        args: '-sT -Pn x -p 1,2',
        pid: 100,
      }),
      ...contacts(cast, '/opt/app', () => 100),
    ],
    found: [
      { analytic: 'AN1058', severity: 'low' },
      { analytic: 'AN1058', severity: 'medium', points: { tool: 0 } },
    ],
  },
  {
    name: 'AN1058: the latest launch of a pid counts',
    events: (cast) => [
      auditStart({ at: at(-HOUR), machine: cast.machine(), program: nmap, args: '--version', pid: 100 }),
      auditStart({ at: at(0), machine: cast.machine(), program: '/opt/app', args: 'serve', pid: 100 }),
      ...contacts(cast, '/opt/app', () => 100),
    ],
    found: [
      { analytic: 'AN1058', who: 'nmap', severity: 'low' },
      { analytic: 'AN1058', who: 'app', severity: 'medium', points: { tool: 0 } },
    ],
  },
  {
    name: 'AN1058: a process record that names no operating system belongs here',
    events: (cast) =>
      scattered(16).map((host, i) =>
        ecsConnection({
          ...{ at: at(i), machine: cast.machine(), program: '/opt/app', from: cast.ip(1), to: own(host), port: 22 },
        }),
      ),
    found: [{ analytic: 'AN1058', who: 'app', sockets: 16 }],
  },
];
