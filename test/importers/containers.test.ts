import assert from 'node:assert/strict';
import { test } from 'node:test';
import { containerdEvents } from '../../server/importers/containerd.js';
import { falco } from '../../server/importers/falco.js';
import { Rejected } from '../../server/importers/format.js';
import { hubble } from '../../server/importers/hubble.js';
import { kubearmor } from '../../server/importers/kubearmor.js';
import { tetragon } from '../../server/importers/tetragon.js';
import { contactsOf, documentsIn, documentsOf, rowsOf } from './judge.js';

const TIME = '2026-02-03T04:05:06.123456789Z';
const ID = 'a1'.repeat(32);
const isRejected = (reason: string) => (error: unknown) => error instanceof Rejected && error.reason === reason;

const alert = (fields: object) => ({
  hostname: 'node-1',
  priority: 'Notice',
  rule: 'A site’s own rule',
  source: 'syscall',
  time: TIME,
  output_fields: {
    'container.id': 'a1a1a1a1a1a1',
    'proc.exepath': '/usr/bin/nc',
    'proc.name': 'nc',
    'proc.cmdline': 'nc -zv 10.0.0.9 22',
    'proc.pid': 71,
    'proc.tty': 34_816,
    'user.loginuid': -1,
    'user.uid': 0,
    'k8s.ns.name': 'shop',
    'k8s.pod.name': 'web-0',
    ...fields,
  },
});

test('Falco: a connect, by its name or by its parts, with its outcome', () => {
  const connect = (fields: object) => documentsOf(falco, alert({ 'evt.type': 'connect', ...fields }));
  const named = { 'fd.name': '10.0.0.7:40001->10.0.0.9:22', 'fd.l4proto': 'tcp' };
  assert.deepEqual(contactsOf(connect({ ...named, 'evt.res': 'ECONNREFUSED' })), ['10.0.0.7>10.0.0.9:22/tcp refused']);
  assert.deepEqual(contactsOf(connect({ ...named, 'evt.res': 'ETIMEDOUT' })), ['10.0.0.7>10.0.0.9:22/tcp unanswered']);
  assert.deepEqual(contactsOf(connect({ ...named, 'evt.res': 'SUCCESS' })), ['10.0.0.7>10.0.0.9:22/tcp accepted']);
  assert.deepEqual(contactsOf(connect(named)), ['10.0.0.7>10.0.0.9:22/tcp unknown']);
  const parts = { 'fd.lip': 'fd00::7', 'fd.lport': 40_001, 'fd.rip': 'fd00::9', 'fd.rport': 443 };
  assert.deepEqual(contactsOf(connect(parts)), ['fd00::7>fd00::9:443/ unknown']);
  assert.deepEqual(contactsOf(connect({ 'fd.name': 'fd00::7:40001->fd00::9:443', 'fd.l4proto': 'udp' })), [
    'fd00::7>fd00::9:443/udp unknown',
  ]);
  assert.deepEqual(connect({ 'fd.name': '/run/docker.sock' }), []);
  const [row] = rowsOf(connect(named)[0] ?? {}).contacts;
  assert.equal(row?.container, 'a1a1a1a1a1a1', 'as told');
  assert.equal(row?.namespace, 'shop');
  assert.equal(row?.context, 'interactive');
  assert.match(String(row?.subject), /node-1.*a1a1a1a1a1a1.*\/usr\/bin\/nc/);
});

test('Falco: sends over UDP, not those of servers; launches, ends, packet sockets; nothing else', () => {
  const of = (fields: object) => documentsOf(falco, alert(fields));
  const sent = { 'evt.type': 'sendto', 'fd.l4proto': 'udp', 'fd.name': '10.0.0.7:40001->10.0.0.9:161' };
  assert.equal(contactsOf(of(sent)).length, 1);
  const back = { 'fd.lip': '10.0.0.9', 'fd.lport': 161, 'fd.rip': '10.0.0.7', 'fd.rport': 40_001 };
  assert.deepEqual(of({ ...sent, ...back }), []);
  assert.deepEqual(of({ ...sent, 'fd.l4proto': 'tcp' }), []);
  const [launch] = rowsOf(of({ 'evt.type': 'execve' })[0] ?? {}).launches;
  assert.equal(launch?.arguments, 'nc -zv 10.0.0.9 22');
  assert.deepEqual(of({ 'evt.type': 'execve', 'evt.res': 'ENOENT' }), []);
  assert.equal(rowsOf(of({ 'evt.type': 'procexit' })[0] ?? {}).process_events[0]?.kind, 'exit');
  const packet = { 'evt.type': 'socket', 'evt.args': 'domain=17(AF_PACKET) type=3 proto=768' };
  assert.equal(rowsOf(of(packet)[0] ?? {}).process_events[0]?.kind, 'raw_socket');
  assert.deepEqual(of({ 'evt.type': 'openat' }), []);
  assert.deepEqual(of({ 'evt.type': 'socket', 'evt.args': 'domain=2(AF_INET) type=1 proto=0' }), []);
});

test('Falco: the node’s own processes have no container; a broken address is rejected', () => {
  const connect = { 'evt.type': 'connect', 'fd.name': '10.0.0.7:40001->10.0.0.9:22' };
  const [document] = documentsOf(falco, alert({ ...connect, 'container.id': 'host' }));
  assert.equal(document?.['container.id'], undefined);
  assert.throws(() => documentsOf(falco, alert({ ...connect, 'fd.rip': 'db.shop' })), isRejected('bad_address'));
  assert.throws(() => documentsOf(falco, { ...alert(connect), time: 'now' }), isRejected('no_time'));
});

const program = (fields: object = {}) => ({
  exec_id: 'bm9kZTE6MTo3MQ==',
  pid: 71,
  uid: 1001,
  auid: 4_294_967_295,
  binary: '/usr/bin/nmap',
  arguments: '-sT -p 1-100 10.0.0.9',
  flags: 'execve clone',
  start_time: '2026-02-03T04:00:00.5Z',
  docker: ID.slice(0, 31),
  pod: { namespace: 'shop', name: 'web-0', container: { id: `containerd://${ID}`, name: 'web' } },
  ...fields,
});
const tetragonEvent = (kind: string, fields: object = {}, process: object = program()) => ({
  [kind]: {
    process,
    parent: { exec_id: 'bm9kZTE6MTo3MA==', pid: 70, binary: '/bin/sh', arguments: '-c x' },
    ...fields,
  },
  node_name: 'node-1',
  time: TIME,
});

test('Tetragon: a launch and its end', () => {
  const [document] = documentsOf(tetragon, tetragonEvent('process_exec'));
  const [launch] = rowsOf(document ?? {}).launches;
  assert.equal(launch?.arguments, '/usr/bin/nmap -sT -p 1-100 10.0.0.9');
  assert.equal(launch?.process, 'bm9kZTE6MTo3MQ==');
  assert.equal(launch?.parent, 'bm9kZTE6MTo3MA==');
  assert.equal(launch?.container, ID, 'the long id, without its runtime');
  assert.equal(launch?.context, 'daemon');
  assert.equal(document?.['event.action'], 'executed');
  const short = documentsOf(tetragon, tetragonEvent('process_exec', {}, program({ pod: undefined })))[0];
  assert.equal(short?.['container.id'], ID.slice(0, 31), 'the short one where no other is told');
  const end = documentsOf(tetragon, tetragonEvent('process_exit'))[0];
  assert.equal(rowsOf(end ?? {}).process_events[0]?.kind, 'exit');
  const found = documentsOf(tetragon, tetragonEvent('process_exec', {}, program({ flags: 'procFS auid' })))[0];
  assert.equal(found?.['@timestamp'], '2026-02-03T04:00:00.500Z', 'ran before Tetragon did');
});

test('Tetragon: connects of probes and of the enterprise edition', () => {
  const probe = (name: string, args: object[], more: object = {}) =>
    contactsOf(documentsOf(tetragon, tetragonEvent('process_kprobe', { function_name: name, args, ...more })));
  const socket = {
    family: 'AF_INET',
    protocol: 'IPPROTO_TCP',
    saddr: '10.0.0.7',
    daddr: '10.0.0.9',
    sport: 40_001,
    dport: 22,
  };
  assert.deepEqual(probe('tcp_connect', [{ sock_arg: socket }]), ['10.0.0.7>10.0.0.9:22/tcp unknown']);
  assert.deepEqual(probe('tcp_connect', [{ sock_arg: socket }], { action: 'KPROBE_ACTION_OVERRIDE' }), [
    '10.0.0.7>10.0.0.9:22/tcp refused',
  ]);
  assert.deepEqual(probe('tcp_close', [{ sock_arg: socket }]), []);
  const udp = { ...socket, protocol: 'IPPROTO_UDP' };
  assert.equal(probe('udp_sendmsg', [{ sock_arg: udp }]).length, 1);
  assert.deepEqual(probe('udp_sendmsg', [{ sock_arg: { ...udp, sport: 53, dport: 40_001 } }]), []);
  assert.deepEqual(probe('udp_sendmsg', [{ sock_arg: { ...udp, daddr: '0.0.0.0' } }]), [], 'not connected');
  const call = (sockaddr: object, result: number) =>
    probe('__x64_sys_connect', [{ int_arg: 3 }, { sockaddr_arg: sockaddr }], { return: { int_arg: result } });
  assert.deepEqual(call({ family: 'AF_INET', addr: '10.0.0.9', port: 22 }, -111), ['>10.0.0.9:22/ refused']);
  assert.deepEqual(call({ family: 'AF_INET', addr: '10.0.0.9', port: 22 }, -115), ['>10.0.0.9:22/ unknown']);
  assert.deepEqual(call({ family: 'AF_UNIX', addr: '/run/x.sock' }, 0), []);
  const connect = {
    source_ip: '10.0.0.7',
    source_port: 40_001,
    destination_ip: '10.0.0.9',
    destination_port: 22,
    protocol: 'TCP',
    destination_pod: { namespace: 'db' },
  };
  const enterprise = documentsOf(tetragon, tetragonEvent('process_connect', connect));
  assert.deepEqual(contactsOf(enterprise), ['10.0.0.7>10.0.0.9:22/tcp unknown']);
  assert.equal(rowsOf(enterprise[0] ?? {}).contacts[0]?.destination_namespace, 'db');
  assert.deepEqual(documentsOf(tetragon, tetragonEvent('process_listen', { ip: '0.0.0.0', port: 80 })), []);
});

const flow = (fields: object, isWrapped = true) => {
  const bare = {
    time: TIME,
    verdict: 'FORWARDED',
    IP: { source: '10.0.1.7', destination: '10.0.1.9', ipVersion: 'IPv4' },
    l4: { TCP: { source_port: 40_001, destination_port: 22, flags: { SYN: true } } },
    source: { namespace: 'shop', pod_name: 'web-0' },
    destination: { namespace: 'db', pod_name: 'sql-0' },
    Type: 'L3_L4',
    is_reply: false,
    ...fields,
  };
  return isWrapped ? { flow: bare, node_name: 'node-1', time: TIME } : bare;
};
const hubbleContacts = (fields: object) => contactsOf(documentsOf(hubble, flow(fields)));

test('Hubble: a SYN is an attempt, with the namespaces of both ends; a drop is unanswered', () => {
  const [document] = documentsOf(hubble, flow({}, false));
  assert.deepEqual(contactsOf([document ?? {}]), ['10.0.1.7>10.0.1.9:22/tcp unknown']);
  const [row] = rowsOf(document ?? {}).contacts;
  assert.equal(row?.namespace, 'shop');
  assert.equal(row?.destination_namespace, 'db');
  assert.equal(row?.container, 'shop/web-0', 'hunted as a container');
  assert.equal(row?.is_process, false);
  const dropped = { verdict: 'DROPPED', drop_reason_desc: 'POLICY_DENIED', is_reply: undefined };
  assert.deepEqual(hubbleContacts(dropped), ['10.0.1.7>10.0.1.9:22/tcp unanswered']);
  const outside = documentsOf(hubble, flow({ source: { identity: 2, labels: ['reserved:world'] } }));
  assert.equal(rowsOf(outside[0] ?? {}).contacts[0]?.container, '', 'who is no pod');
});

test('Hubble: replies, known connections and requests of layer 7 are quiet', () => {
  const tcp = (flags: object) => ({ l4: { TCP: { source_port: 40_001, destination_port: 22, flags } } });
  assert.deepEqual(hubbleContacts(tcp({ SYN: true, ACK: true })), []);
  assert.deepEqual(hubbleContacts(tcp({ ACK: true, PSH: true })), []);
  assert.deepEqual(hubbleContacts({ is_reply: true }), []);
  const udp = (from: number, to: number) => ({ l4: { UDP: { source_port: from, destination_port: to } } });
  assert.equal(hubbleContacts({ ...udp(40_001, 53), trace_reason: 'NEW' }).length, 1);
  assert.equal(hubbleContacts(udp(40_001, 53)).length, 1, 'no reason logged: by its ports');
  assert.deepEqual(hubbleContacts({ ...udp(40_001, 53), trace_reason: 'ESTABLISHED' }), []);
  assert.deepEqual(hubbleContacts({ ...udp(53, 40_001), is_reply: undefined, verdict: 'DROPPED' }), []);
  assert.equal(hubbleContacts({ l4: { ICMPv4: { type: 8 } } }).length, 1);
  assert.deepEqual(hubbleContacts({ l4: { ICMPv4: {} } }), [], 'an echo reply is type 0, which JSON leaves out');
  assert.deepEqual(documentsOf(hubble, flow({ Type: 'L7', l7: { http: {} } })), []);
  assert.throws(() => hubbleContacts({ IP: undefined }), isRejected('no_address'));
});

const armor = (fields: object) => ({
  Timestamp: 1_770_091_506,
  UpdatedTime: '2026-02-03T04:05:06.654321Z',
  HostName: 'node-1',
  NamespaceName: 'shop',
  PodName: 'web-0',
  ContainerID: ID,
  HostPID: 71,
  HostPPID: 70,
  UID: 0,
  ProcessName: '/usr/bin/curl',
  ParentProcessName: '/bin/bash',
  Source: '/usr/bin/curl 10.0.0.9',
  Type: 'ContainerLog',
  Operation: 'Network',
  Result: 'Passed',
  ...fields,
});

test('KubeArmor: the probe and the system call of one connect are one socket', () => {
  const of = (fields: object) => contactsOf(documentsOf(kubearmor, armor(fields)));
  const probe = { Resource: 'remoteip=10.0.0.9 port=80 protocol=TCP', Data: 'kprobe=tcp_connect domain=AF_INET' };
  const call = { Resource: 'sa_family=AF_INET sin_port=80 sin_addr=10.0.0.9', Data: 'syscall=SYS_CONNECT fd=3' };
  assert.deepEqual([...of(probe), ...of(call)], ['>10.0.0.9:80/ unknown', '>10.0.0.9:80/ unknown']);
  assert.deepEqual(of({ ...call, Result: 'Permission denied' }), ['>10.0.0.9:80/ refused']);
  assert.deepEqual(of({ ...call, Result: 'No route to host' }), ['>10.0.0.9:80/ unanswered']);
  assert.deepEqual(of({ ...probe, Data: 'kprobe=tcp_accept domain=AF_INET' }), []);
  assert.deepEqual(of({ Resource: 'sa_family=AF_UNIX sun_path=/x', Data: call.Data }), []);
  assert.throws(() => of({ ...call, Timestamp: undefined, UpdatedTime: undefined }), isRejected('no_time'));
});

test('KubeArmor: launches that were let through, raw sockets, names asked for', () => {
  const of = (fields: object) => documentsOf(kubearmor, armor(fields));
  const start = { Operation: 'Process', ProcessName: '/usr/bin/nmap', Resource: '/usr/bin/nmap -sn 10.0.0.0/24' };
  const [launch] = rowsOf(of({ ...start, Data: 'syscall=SYS_EXECVE' })[0] ?? {}).launches;
  assert.equal(launch?.arguments, '/usr/bin/nmap -sn 10.0.0.0/24');
  assert.equal(launch?.container, ID);
  assert.deepEqual(of({ ...start, Result: 'Permission denied' }), []);
  const socket = { Data: 'syscall=SYS_SOCKET', Resource: 'domain=AF_PACKET type=SOCK_RAW protocol=768' };
  assert.equal(rowsOf(of(socket)[0] ?? {}).process_events[0]?.kind, 'raw_socket');
  assert.deepEqual(of({ ...socket, Resource: 'domain=AF_INET type=SOCK_STREAM protocol=0' }), []);
  const name = { Data: 'lsm=SOCKET_SENDMSG domain=a.test', Resource: 'a.test', EventData: { Domain: 'a.test' } };
  assert.equal(rowsOf(of(name)[0] ?? {}).process_events[0]?.value, 'a.test');
  assert.deepEqual(of({ Operation: 'File', Resource: '/etc/hosts' }), []);
});

test('containerd: starts and ends of processes, by pid', () => {
  const line = (topic: string, body: object) =>
    `2026-02-03 04:05:06.12345 +0000 UTC k8s.io ${topic} ${JSON.stringify(body)}`;
  const text = [
    line('/tasks/exec-added', { container_id: ID, exec_id: 'e1' }),
    line('/tasks/exec-started', { container_id: ID, exec_id: 'e1', pid: 71 }),
    line('/tasks/exit', { container_id: ID, id: 'e1', pid: 71, exited_at: TIME }),
    line('/images/create', { name: 'x' }),
  ].join('\n');
  const [start, end, ...others] = documentsIn(containerdEvents, text);
  assert.deepEqual(others, []);
  const [launch] = rowsOf(start ?? {}).launches;
  assert.equal(launch?.container, ID);
  assert.equal(launch?.pid, 71n);
  assert.equal(launch?.process, `${ID}/e1`);
  assert.equal(rowsOf(end ?? {}).process_events[0]?.process, `${ID}/e1`);
  const parser = containerdEvents.open();
  assert.throws(() => parser.line('time="2026" level=info'), isRejected('not_this_format'));
  assert.throws(() => parser.line(line('/tasks/start', {})), isRejected('not_this_format'));
});
