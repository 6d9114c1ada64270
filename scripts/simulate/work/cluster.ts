import { foreignAddress } from '../addresses.js';
import type { Cluster, Pod } from '../cluster.js';
import type { Activity, OfficeEvent } from '../events.js';
import type { Machine } from '../machines.js';
import { mergeByTime } from '../merge.js';
import { again, againByPeople, byTheClock, connect, type Scene } from '../scene.js';
import { benign } from './label.js';

/** A node: probes of its pods, and what it tells the API server's load balancer. */
export const nodeWork = (scene: Scene, cluster: Cluster, node: Machine): Activity => ({
  label: benign(node, 'kubelet', 'the kubelet probes the pods of its node every 30 s and fetches images'),
  events: mergeByTime([probes(scene, cluster, node), images(scene, node)]),
});

function* probes(scene: Scene, cluster: Cluster, node: Machine): Generator<OfficeEvent> {
  const kubelet = scene.processes.service(node, '/usr/local/bin/kubelet');
  const own = cluster.pods.filter(({ machine }) => machine.container?.node === node);
  const apartMs = Math.floor(29_000 / Math.max(1, own.length));
  for (const at of byTheClock(scene, 30_000))
    for (const [number, { machine, workload }] of own.entries())
      yield connect(scene, kubelet, at + number * apartMs, machine.address, workload.port);
}

function* images(scene: Scene, node: Machine): Generator<OfficeEvent> {
  const containerd = scene.processes.service(node, '/usr/bin/containerd');
  for (const at of again(scene, 1_800_000))
    yield connect(scene, containerd, at, foreignAddress('registry.example'), 443);
}

/** A pod: its application calls services by their addresses, its sidecar the pods behind them. */
export const podWork = (scene: Scene, cluster: Cluster, pod: Pod): Activity => ({
  label: benign(pod.machine, pod.workload.executable, workOf(pod)),
  events: eventsOf(scene, cluster, pod),
});

const workOf = ({ workload }: Pod): string =>
  ({
    coredns: "the cluster's name server asks the office's",
    ingress: 'requests from outside go to the pods of two workloads',
  })[workload.name] ?? 'an application calls others through its mesh';

function eventsOf(scene: Scene, cluster: Cluster, pod: Pod): Iterable<OfficeEvent> {
  if (pod.workload.name === 'coredns') return forwarding(scene, pod);
  if (!pod.sidecar) return requests(scene, cluster.calledBy(pod), pod.machine, pod.workload.executable);
  return mergeByTime([
    calls(scene, cluster, pod),
    requests(scene, cluster.calledBy(pod), pod.sidecar, '/usr/local/bin/envoy'),
    copies(scene, pod),
  ]);
}

function* forwarding(scene: Scene, { machine, workload }: Pod): Generator<OfficeEvent> {
  const { office, processes, random } = scene;
  const coredns = processes.service(machine, workload.executable);
  for (const at of again(scene, 15_000)) {
    const name = `site-${random.integer(1, 160)}.example`;
    yield connect(scene, coredns, at, office.domainController.address, 53, {
      transport: 'udp',
      question: { name, answer: foreignAddress(name) },
    });
  }
}

function* calls(scene: Scene, cluster: Cluster, { machine, workload }: Pod): Generator<OfficeEvent> {
  const services = workload.calls
    .map((name) => cluster.service(workload.namespace, name))
    .filter((service) => service !== undefined);
  if (services.length === 0) return;
  const application = scene.processes.service(machine, workload.executable);
  for (const at of againByPeople(scene, 30_000)) {
    const { address, open } = scene.random.pick(services);
    yield connect(scene, application, at, address, open[0]!);
  }
}

/** Connections to single pods, newly balanced again and again. */
function* requests(
  scene: Scene,
  targets: readonly Pod[],
  container: Machine,
  executable: string,
): Generator<OfficeEvent> {
  if (targets.length === 0) return;
  const proxy = scene.processes.service(container, executable);
  for (const at of againByPeople(scene, 30_000)) {
    const target = scene.random.pick(targets);
    yield connect(scene, proxy, at, target.machine.address, target.workload.port);
  }
}

/** A new copy of the application takes over: a deployment. */
function* copies(scene: Scene, { machine, workload }: Pod): Generator<OfficeEvent> {
  for (const at of again(scene, 14_400_000)) {
    const process = scene.processes.start(machine, { executable: workload.executable, startedAt: at });
    yield { kind: 'launch', at, process };
    yield { kind: 'exit', at: at + 2_000, process };
  }
}

/** Prometheus reads the metrics of every pod and node: an expected scan source. */
export const scrapes = (scene: Scene, cluster: Cluster): Activity => {
  const { machine } = cluster.podsOf('prometheus')[0]!;
  return {
    label: { ...benign(machine, 'prometheus', 'the metrics of every pod and node, each minute'), isExpected: true },
    events: scraping(scene, cluster, machine),
  };
};

function* scraping(scene: Scene, cluster: Cluster, machine: Machine): Generator<OfficeEvent> {
  const prometheus = scene.processes.service(machine, '/bin/prometheus');
  const targets = [
    ...cluster.pods.map(({ machine, workload }) => [machine.address, workload.port] as const),
    ...cluster.nodes.map(({ address }) => [address, 9100] as const),
  ];
  const apartMs = 59_000 / targets.length;
  for (const at of byTheClock(scene, 60_000))
    for (const [number, [address, port]] of targets.entries())
      yield connect(scene, prometheus, at + Math.floor(number * apartMs), address, port);
}
