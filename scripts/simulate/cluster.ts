import { type Machine, machine, numbered, several, sha256 } from './machines.js';

interface Workload {
  namespace: string;
  name: string;
  port: number;
  executable: string;
  /** The workloads that it calls. */
  calls: readonly string[];
}

const inShop = (name: string, port: number, executable: string, ...calls: string[]): Omit<Workload, 'namespace'> => ({
  name,
  port,
  executable,
  calls,
});

/** What runs once or twice however large the cluster is. */
const system: readonly Workload[] = [
  { namespace: 'kube-system', name: 'coredns', port: 9153, executable: '/coredns', calls: [] },
  { namespace: 'kube-system', name: 'coredns', port: 9153, executable: '/coredns', calls: [] },
  {
    namespace: 'ingress',
    name: 'ingress',
    port: 443,
    executable: '/usr/local/nginx/sbin/nginx',
    calls: ['frontend', 'account'],
  },
  { namespace: 'monitoring', name: 'prometheus', port: 9090, executable: '/bin/prometheus', calls: [] },
];

/** An invented shop; the rest of the pods are shops, each in a namespace, of three pods a workload at most. */
const applications: readonly Omit<Workload, 'namespace'>[] = [
  inShop('frontend', 8080, '/app/frontend', 'cart', 'catalog', 'search', 'account'),
  inShop('cart', 8081, '/app/cart', 'cache', 'catalog'),
  inShop('catalog', 8082, '/usr/bin/java', 'store'),
  inShop('search', 8083, '/usr/bin/java', 'catalog'),
  inShop('account', 8084, '/usr/local/bin/node', 'store', 'cache'),
  inShop('orders', 8085, '/usr/local/bin/python3.12', 'cart', 'payment', 'store', 'account'),
  inShop('payment', 8086, '/app/payment', 'store'),
  inShop('cache', 6379, '/usr/local/bin/redis-server'),
  inShop('store', 5432, '/usr/lib/postgresql/16/bin/postgres'),
  inShop('builder', 8087, '/app/builder', 'store'),
];

/** A pod: its application's container and, in the shop, its mesh's sidecar. Both have the pod's one address. */
export interface Pod {
  machine: Machine;
  sidecar: Machine | undefined;
  workload: Workload;
}

const NODE_HOLDS = 12;
const SHOP_HOLDS = 3 * applications.length;
const SIDECAR_PORT = 15021;

/** A Kubernetes cluster: pods in 10.42.0.0/16, a /24 for each node, services in 10.43.0.0/16. */
export class Cluster {
  readonly nodes: readonly Machine[];
  readonly pods: readonly Pod[];
  readonly #services = new Map<string, Machine>();

  constructor(pods: number) {
    this.nodes = several(Math.max(2, Math.ceil(pods / NODE_HOLDS)), (number) =>
      machine(numbered('node-', number + 1), 'kubernetes', `10.20.40.${11 + number}`, {
        open: [22, 9100, 10250],
        closed: 'reset',
      }),
    );
    this.pods = Array.from({ length: pods }, (_, number) => this.#pod(number));
    for (const { workload } of this.pods) {
      const number = this.#services.size;
      const address = `10.43.${Math.floor(number / 240)}.${10 + (number % 240)}`;
      const key = serviceKey(workload.namespace, workload.name);
      if (this.#services.has(key)) continue;
      this.#services.set(key, machine(`service ${key}`, 'device', address, { open: [workload.port], openUdp: [53] }));
    }
  }

  /** All that have an address of their own. */
  get machines(): Machine[] {
    return [...this.nodes, ...this.pods.map(({ machine }) => machine), ...this.#services.values()];
  }

  /** The address under which all pods of a workload are reached. Undefined where there are none. */
  service(namespace: string, workload: string): Machine | undefined {
    return this.#services.get(serviceKey(namespace, workload));
  }

  podsOf(workload: string): Pod[] {
    return this.pods.filter((pod) => pod.workload.name === workload);
  }

  /** The pods that one calls: of its own shop; the ingress those of all. */
  calledBy({ workload }: Pod): Pod[] {
    return workload.calls
      .flatMap((name) => this.podsOf(name))
      .filter((pod) => !isShop(workload) || pod.workload.namespace === workload.namespace);
  }

  #pod(number: number): Pod {
    const workload = system[number] ?? application(number - system.length);
    const node = this.nodes[number % this.nodes.length]!;
    const address = `10.42.${number % this.nodes.length}.${11 + Math.floor(number / this.nodes.length)}`;
    const pod = `${workload.name}-${sha256(`pod ${number}`).slice(0, 10)}`;
    const hasSidecar = isShop(workload);
    const make = (container: string, open: readonly number[]) =>
      machine(container === workload.name ? pod : `${pod} ${container}`, 'kubernetes', address, {
        open,
        closed: 'reset',
        container: {
          node,
          namespace: workload.namespace,
          pod,
          workload: workload.name,
          id: sha256(`container ${pod} ${container}`),
          name: container,
          image: `registry.harborview.example/${container}:1.${workload.name.length}`,
        },
      });
    return {
      machine: make(workload.name, [workload.port, ...(hasSidecar ? [SIDECAR_PORT] : [])]),
      sidecar: hasSidecar ? make('mesh-proxy', []) : undefined,
      workload,
    };
  }
}

const application = (number: number): Workload => ({
  ...applications[number % applications.length]!,
  namespace: `shop-${1 + Math.floor(number / SHOP_HOLDS)}`,
});

const isShop = ({ namespace }: Workload): boolean => namespace.startsWith('shop-');

const serviceKey = (namespace: string, workload: string): string => `${workload}.${namespace}`;
