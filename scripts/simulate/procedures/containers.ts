import type { Cluster } from '../cluster.js';
import type { Activity } from '../events.js';
import type { Machine } from '../machines.js';
import type { Process } from '../processes.js';
import type { Scene } from '../scene.js';
import { addresses, inRows, loop, mixed, scan, sweep } from './sweep.js';

/** A program that was put into a container, started by the container's shell. */
function inContainer(scene: Scene, container: Machine, executable: string, args: readonly string[]): Process {
  const shell = scene.processes.start(container, { executable: '/bin/sh', startedAt: scene.from });
  return scene.processes.start(container, { executable, args, startedAt: scene.from + 900, parent: shell });
}

/** The addresses that pods of a node may have. */
const neighboursOf = ({ address }: Machine): string[] => addresses(address.slice(0, address.lastIndexOf('.')), 1, 60);

/** A Kubernetes attacker's console looks for services next to it, and for the kubelets behind them. */
export function peirates(scene: Scene, container: Machine, cluster: Cluster): Activity {
  const process = inContainer(scene, container, '/tmp/peirates', ['/tmp/peirates']);
  const kubelets = cluster.nodes.map(({ address }) => address);
  return {
    label: scan('scan-peirates', process, 'Peirates', 'AN1060', 'Peirates: pods of its node, then the kubelets'),
    events: sweep(scene, {
      process,
      probes: [...inRows(neighboursOf(container), [80, 443, 6379, 8080]), ...inRows(kubelets, [10250, 10255])],
      gapMs: 60,
      waitsMs: 200,
    }),
  };
}

/** nmap, brought into a pod, over pods of its node. */
export function podNmap(scene: Scene, container: Machine): Activity {
  const ports = [22, 80, 443, 3306, 5432, 6379, 8080, 8443];
  const network = container.address.slice(0, container.address.lastIndexOf('.'));
  const args = ['nmap', '-sT', '-Pn', '-n', '-p', ports.join(','), `${network}.1-60`];
  const process = inContainer(scene, container, '/usr/bin/nmap', args);
  return {
    label: scan('scan-pod-nmap', process, 'nmap', 'AN1060', 'nmap -sT in a pod: eight ports of 60 pod addresses'),
    events: sweep(scene, {
      process,
      probes: mixed(scene.random, inRows(neighboursOf(container), ports)),
      gapMs: 30,
    }),
  };
}

/** naabu under another name, from a pod to the office's servers: the sensor sees its node. */
export function podNaabu(scene: Scene, container: Machine): Activity {
  const process = inContainer(scene, container, '/app/health', ['/app/health', '-host', '10.20.1.0/27', '-silent']);
  return {
    label: scan('scan-pod-naabu', process, 'naabu', 'AN1060', 'naabu as health: six ports of 30 servers, from a pod'),
    events: sweep(scene, {
      process,
      probes: mixed(scene.random, inRows(addresses('10.20.1', 1, 30), [22, 80, 443, 445, 3389, 8080])),
      gapMs: 15,
    }),
  };
}

/** curl, one process a probe: what is in the image will do. */
export function podCurl(scene: Scene, container: Machine): Activity {
  const script = 'for i in $(seq 1 60); do curl -s -m 1 http://$net.$i:8080/; done';
  const shell = inContainer(scene, container, '/bin/sh', ['sh', '-c', script]);
  return {
    label: scan('scan-pod-curl', shell, 'curl', 'AN1060', 'a shell loop of curl: one port of 60 pod addresses'),
    events: loop(
      scene,
      { process: shell, probes: inRows(neighboursOf(container), [8080]), gapMs: 30, waitsMs: 1_000 },
      (address, port) => ({
        executable: '/usr/bin/curl',
        args: ['curl', '-s', '-m', '1', `http://${address}:${port}/`],
      }),
    ),
  };
}
