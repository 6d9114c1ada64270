import type { Activity } from './events.js';
import { mergeByTime } from './merge.js';
import type { Office } from './office.js';
import type { Pace } from './pace.js';
import { type Procedure, proceduresOf } from './procedures/index.js';
import { Processes } from './processes.js';
import { Random } from './random.js';
import type { Scene } from './scene.js';
import { nodeWork, podWork, scrapes } from './work/cluster.js';
import { serverWork } from './work/linux.js';
import { laptopWork, phone, printerAnnouncements } from './work/macos.js';
import { rounds } from './work/rounds.js';
import { monitoring, nameServer, officeWork } from './work/windows.js';

/** Where, when and how busy, in epoch milliseconds. */
export interface Stage {
  office: Office;
  seed: number;
  pace: Pace;
  from: number;
  until: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** All that goes on in the office, each activity with random numbers of its own. */
export function activitiesOf({ office, seed, pace, from, until }: Stage): Activity[] {
  const processes = new Processes(from - 9 * HOUR_MS);
  const scene = (name: string, begin = from): Scene => ({
    office,
    processes,
    random: Random.of(seed, name),
    pace,
    from: begin,
    until,
  });
  return [
    ...workOf(office, scene, pace.rate),
    ...scansOf(proceduresOf(office), { office, seed, pace, from, until }, scene),
  ];
}

type SceneOf = (name: string, begin?: number) => Scene;

function workOf(office: Office, scene: SceneOf, rate: number): Activity[] {
  const busy = (name: string, work: (scene: Scene) => Activity): Activity => inLanes(name, work, scene, rate);
  const { cluster } = office;
  return [
    ...office.windowsClients.map((client) => busy(client.name, (own) => officeWork(own, client))),
    busy('name server', nameServer),
    monitoring(scene('monitoring')),
    ...office.macs.map((mac) => busy(mac.name, (own) => laptopWork(own, mac))),
    ...office.phones.map((one) => busy(one.name, (own) => phone(own, one))),
    busy('printer', printerAnnouncements),
    ...office.linuxServers.map((server) => busy(server.name, (own) => serverWork(own, server))),
    ...(cluster
      ? [
          ...cluster.nodes.map((node) => nodeWork(scene(node.name), cluster, node)),
          ...cluster.pods
            .filter(({ workload }) => workload.name !== 'prometheus')
            .map((pod) => busy(pod.machine.name, (own) => podWork(own, cluster, pod))),
          scrapes(scene('prometheus'), cluster),
        ]
      : []),
    ...rounds(scene('rounds')),
  ];
}

/** Above this rate one burst of a person's work would begin before the last is over: several are at it side by side. */
const LANE_RATE = 5;

function inLanes(name: string, work: (scene: Scene) => Activity, scene: SceneOf, rate: number): Activity {
  const lanes = Math.ceil(rate / LANE_RATE);
  if (lanes === 1) return work(scene(name));
  const activities = Array.from({ length: lanes }, (_, lane) => {
    const own = scene(lane === 0 ? name : `${name}, lane ${lane}`);
    return work({ ...own, pace: { ...own.pace, rate: rate / lanes } });
  });
  return { label: activities[0]!.label, events: mergeByTime(activities.map(({ events }) => events)) };
}

/** Each procedure once a day, in a part of the day of its own, and over before the span is. */
function scansOf(procedures: readonly Procedure[], { seed, from, until }: Stage, scene: SceneOf): Activity[] {
  const days = Math.ceil((until - from) / DAY_MS);
  return Array.from({ length: days }, (_, day) => {
    const begin = from + day * DAY_MS;
    const end = Math.min(begin + DAY_MS, until);
    const share = (end - begin) / procedures.length;
    return procedures.flatMap(({ name, play, lastsMs }, part) => {
      const names = day === 0 ? [name] : [name, `day ${day + 1}`];
      const waits = Random.of(seed, 'begin', ...names).integer(60_000, Math.max(60_000, Math.floor(share / 2)));
      const at = Math.min(Math.floor(begin + part * share) + waits, end - lastsMs);
      if (at < begin) return [];
      const { label, events } = play(scene(names.join(' '), at));
      return { label: day === 0 ? label : { ...label, phase: `${label.phase}-${day + 1}` }, events };
    });
  }).flat();
}
