import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tracee } from '../../server/importers/tracee.js';
import { contactsOf, documentsOf, rowsOf } from './judge.js';

const ID = 'b2'.repeat(32);

const event = (eventName: string, args: object, fields: object = {}) => ({
  timestamp: 1_770_091_506_123_456_800,
  hostProcessId: 71,
  hostParentProcessId: 70,
  processEntityId: 4001,
  parentEntityId: 4000,
  userId: 0,
  processName: 'nc',
  executable: { path: '/bin/nc' },
  hostName: 'web-0',
  container: { id: ID, name: 'web' },
  kubernetes: { podName: 'web-0', podNamespace: 'shop' },
  eventName,
  returnValue: 0,
  args: Object.entries(args).map(([name, value]) => ({ name, type: 'any', value })),
  ...fields,
});
const of = (...given: Parameters<typeof event>) => documentsOf(tracee, event(...given));
const four = { sa_family: 'AF_INET', sin_addr: '10.0.0.9', sin_port: '22' };

test('connects, by the security hook, the system call and the flow', () => {
  const hook = (args: object, fields?: object) => contactsOf(of('security_socket_connect', args, fields));
  assert.deepEqual(hook({ sockfd: 3, type: 'SOCK_STREAM', remote_addr: four }), ['>10.0.0.9:22/tcp unknown']);
  assert.deepEqual(hook({ type: 2, remote_addr: four }), ['>10.0.0.9:22/udp unknown']);
  const six = { sa_family: 'AF_INET6', sin6_addr: 'fd00::9', sin6_port: '443' };
  assert.deepEqual(hook({ remote_addr: six }), ['>fd00::9:443/ unknown']);
  assert.deepEqual(hook({ remote_addr: { sa_family: 'AF_UNIX', sun_path: '/run/x' } }), []);
  assert.deepEqual(hook({ remote_addr: { ...four, sin_port: '0' } }), [], 'no packet leaves');
  const call = (returnValue: number) => contactsOf(of('connect', { sockfd: 3, addr: four }, { returnValue }));
  assert.deepEqual(call(-111), ['>10.0.0.9:22/tcp refused']);
  assert.deepEqual(call(-110), ['>10.0.0.9:22/tcp unanswered']);
  assert.deepEqual(call(-115), ['>10.0.0.9:22/tcp unknown']);
  assert.deepEqual(call(0), ['>10.0.0.9:22/ unknown']);
  assert.deepEqual(contactsOf(of('net_tcp_connect', { dst: '10.0.0.9', dst_port: 22 })), ['>10.0.0.9:22/tcp unknown']);
  const [row] = rowsOf(of('security_socket_connect', { remote_addr: four })[0] ?? {}).contacts;
  assert.equal(row?.container, ID);
  assert.equal(row?.namespace, 'shop');
  assert.equal(row?.process, '4001');
});

test('a flow that came in is its source’s doing; packets are nobody’s', () => {
  const flow = { src: '10.0.0.7', dst: '10.0.0.9', src_port: 40_001, dst_port: 22 };
  const [inbound] = rowsOf(of('net_flow_tcp_begin', { conn_direction: 'incoming', ...flow })[0] ?? {}).contacts;
  assert.equal(inbound?.is_process, false);
  const [outbound] = rowsOf(of('net_flow_tcp_begin', { conn_direction: 'outgoing', ...flow })[0] ?? {}).contacts;
  assert.equal(outbound?.is_process, true);
  assert.deepEqual(of('net_packet_tcp', flow), []);
});

test('launches, ends, raw sockets', () => {
  const started = of('sched_process_exec', { pathname: '/usr/bin/nmap', argv: ['nmap', '-sS', '10.0.0.9'] });
  const [launch] = rowsOf(started[0] ?? {}).launches;
  assert.equal(launch?.executable, '/usr/bin/nmap');
  assert.equal(launch?.arguments, 'nmap -sS 10.0.0.9');
  assert.equal(launch?.parent, '4000');
  const ended = of('sched_process_exit', { exit_code: 0 });
  assert.equal(rowsOf(ended[0] ?? {}).process_events[0]?.kind, 'exit');
  const raw = of('security_socket_create', { family: 'AF_INET', type: 'SOCK_RAW|SOCK_CLOEXEC', protocol: 6 });
  assert.equal(rowsOf(raw[0] ?? {}).process_events[0]?.kind, 'raw_socket');
  assert.deepEqual(of('security_socket_create', { family: 'AF_INET', type: 'SOCK_STREAM' }), []);
});

test('the shape of the event API', () => {
  const record = {
    timestamp: '2026-02-03T04:05:06.123456789Z',
    id: 'security_socket_connect',
    name: 'security_socket_connect',
    workload: {
      process: {
        executable: { path: '/bin/nc' },
        uniqueId: 4001,
        hostPid: 71,
        realUser: { id: 0 },
        thread: { name: 'nc' },
        ancestors: [{ hostPid: 70, uniqueId: 4000 }],
      },
      container: { id: ID, name: 'web', image: { name: 'web:1' } },
      k8s: { pod: { name: 'web-0' }, namespace: { name: 'shop' } },
    },
    data: [
      { name: 'type', str: 'SOCK_STREAM' },
      { name: 'remote_addr', sockaddr: { saFamily: 'AF_INET', sinAddr: '10.0.0.9', sinPort: 22 } },
    ],
  };
  const documents = documentsOf(tracee, record);
  assert.deepEqual(contactsOf(documents), ['>10.0.0.9:22/tcp unknown']);
  assert.equal(documents[0]?.['process.parent.pid'], 70);
  assert.equal(documents[0]?.['orchestrator.namespace'], 'shop');
});
