import type { Activity } from '../events.js';
import type { Machine } from '../machines.js';
import type { Office } from '../office.js';
import type { Scene } from '../scene.js';
import { peirates, podCurl, podNaabu, podNmap } from './containers.js';
import {
  glacialPorts,
  masscan,
  netcatLoop,
  pythonScanner,
  renamedLinuxNmap,
  rootNmap,
  shellSockets,
  slowPorts,
} from './linux.js';
import { backgroundPython, bonjourBrowse, terminalNmap } from './macos.js';
import {
  advancedIpScanner,
  advancedPortScanner,
  ipv6Neighbours,
  netBiosSweep,
  powershellSweep,
  renamedNmap,
  softPerfect,
  splitScan,
  testNetConnection,
} from './windows.js';

export interface Procedure {
  name: string;
  play: (scene: Scene) => Activity;
  /** The longest that it may take. */
  lastsMs: number;
}

const MINUTE_MS = 60_000;

/** What is played in this office. Every machine has one procedure at most: the larger the office, the more of them. */
export function proceduresOf(office: Office): Procedure[] {
  const { windowsClients, linuxServers, cluster } = office;
  return [
    ...[powershellSweep, bonjourBrowse, renamedNmap, terminalNmap, advancedPortScanner, backgroundPython].map(
      (play) => ({
        name: play.name,
        play,
        lastsMs: 0, // a part of the span of their own, an hour's sixth at least
      }),
    ),
    // Every second client from the fifth on has IPv6.
    ...onMachines(windowsClients.slice(4), [
      [ipv6Neighbours, 1],
      [testNetConnection, 12],
      [softPerfect, 2],
      [advancedIpScanner, 2],
      [netBiosSweep, 2],
      [splitScan, 6],
    ]),
    ...onMachines(
      linuxServers.filter(({ name }) => name.startsWith('app') || name === 'bastion' || name === 'web02'),
      [
        [glacialPorts, 70],
        [slowPorts, 65],
        [rootNmap, 2],
        [renamedLinuxNmap, 2],
        [shellSockets, 5],
        [netcatLoop, 5],
        [masscan, 2],
        [pythonScanner, 5],
      ],
    ),
    ...(cluster
      ? onMachines(
          ['orders', 'account', 'builder', 'search'].flatMap((workload) =>
            cluster
              .podsOf(workload)
              .slice(0, 1)
              .map(({ machine }) => machine),
          ),
          [
            [(scene, machine) => peirates(scene, machine, cluster), 3],
            [podNmap, 2],
            [podNaabu, 2],
            [podCurl, 3],
          ],
        )
      : []),
  ];
}

type Play = (scene: Scene, machine: Machine) => Activity;

/** One on each machine, as far as they go. */
const onMachines = (
  machines: readonly Machine[],
  plays: readonly (readonly [play: Play, minutes: number])[],
): Procedure[] =>
  plays.flatMap(([play, minutes], index) => {
    const machine = machines[index];
    if (!machine) return [];
    return {
      name: `${index} ${machine.name}`,
      play: (scene: Scene) => play(scene, machine),
      lastsMs: minutes * MINUTE_MS,
    };
  });
