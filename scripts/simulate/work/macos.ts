import { foreignAddress } from '../addresses.js';
import type { Activity, OfficeEvent } from '../events.js';
import type { Machine } from '../machines.js';
import { mergeByTime } from '../merge.js';
import { rootUser } from '../processes.js';
import { again, againByPeople, connect, connectUnseen, inOrder, type Scene } from '../scene.js';
import { benign } from './label.js';

/** Service types that Apple devices ask for by themselves; the meta query is none of them. */
const ordinaryTypes = [
  ...['_airplay._tcp', '_raop._tcp', '_companion-link._tcp', '_rdlink._tcp', '_sleep-proxy._udp', '_homekit._tcp'],
  ...['_ipp._tcp', '_ipps._tcp', '_printer._tcp', '_pdl-datastream._tcp', '_scanner._tcp', '_uscan._tcp'],
  ...['_smb._tcp', '_afpovertcp._tcp', '_adisk._tcp', '_googlecast._tcp', '_spotify-connect._tcp', '_hap._tcp'],
];

const resolverOf = ({ processes }: Scene, machine: Machine) =>
  processes.service(machine, '/usr/sbin/mDNSResponder', rootUser);

/** Ordinary work on macOS: Safari, push messages, and what Bonjour asks for by itself. */
export const laptopWork = (scene: Scene, machine: Machine): Activity => ({
  label: benign(
    machine,
    'Safari and macOS',
    'a person browses; Bonjour asks for printers, files and screens, never by the meta query',
  ),
  events: mergeByTime([safari(scene, machine), push(scene, machine), bonjour(scene, machine, 240_000)]),
});

function* safari(scene: Scene, machine: Machine): Generator<OfficeEvent> {
  const { office, processes, random } = scene;
  const executable =
    '/System/Library/Frameworks/WebKit.framework/Versions/A/XPCServices/com.apple.WebKit.Networking.xpc/Contents/MacOS/com.apple.WebKit.Networking';
  const browser = processes.service(machine, executable, machine.user ?? rootUser);
  const resolver = resolverOf(scene, machine);
  for (const at of againByPeople(scene, 150_000)) {
    const page: OfficeEvent[] = [];
    for (let count = random.integer(2, 7); count > 0; count--) {
      const name = `site-${random.integer(1, 160)}.example`;
      const answer = foreignAddress(name);
      const asked = at + random.integer(0, 1_200);
      page.push(
        connect(scene, resolver, asked, office.domainController.address, 53, {
          transport: 'udp',
          question: { name, answer },
        }),
      );
      page.push(connect(scene, browser, asked + random.integer(20, 300), answer, 443));
    }
    if (random.chance(0.2)) page.push(connect(scene, browser, at + 2_000, office.intranet.address, 443));
    yield* inOrder(page);
  }
}

function* push(scene: Scene, machine: Machine): Generator<OfficeEvent> {
  const daemon = scene.processes.service(
    machine,
    '/System/Library/PrivateFrameworks/ApplePushService.framework/apsd',
    rootUser,
  );
  for (const at of again(scene, 900_000))
    yield connect(scene, daemon, at, foreignAddress(`push-${scene.random.integer(1, 5)}.example`), 5223);
}

/** Now and then a few types, seldom all eighteen in a minute. */
function* bonjour(scene: Scene, machine: Machine, everyMs: number): Generator<OfficeEvent> {
  const { random } = scene;
  for (const at of again(scene, everyMs)) {
    const types = random.chance(0.15) ? ordinaryTypes : random.shuffle(ordinaryTypes).slice(0, random.integer(1, 6));
    const half = Math.ceil(types.length / 2);
    yield { kind: 'service_questions', at, source: machine, types: types.slice(0, half) };
    if (types.length > half)
      yield {
        kind: 'service_questions',
        at: at + random.integer(900, 9_000),
        source: machine,
        types: types.slice(half),
      };
  }
}

/** A phone: no agent, only what the network shows. */
export const phone = (scene: Scene, machine: Machine): Activity => ({
  label: benign(
    machine,
    'none',
    'a phone talks to foreign hosts and asks for up to 18 service types in a minute, never by the meta query',
  ),
  events: mergeByTime([phoneTraffic(scene, machine), bonjour(scene, machine, 180_000)]),
});

function* phoneTraffic(scene: Scene, machine: Machine): Generator<OfficeEvent> {
  for (const at of againByPeople(scene, 200_000))
    for (let count = 0; count < 3; count++)
      yield connectUnseen(
        scene,
        machine,
        at + count * 200,
        foreignAddress(`app-${scene.random.integer(1, 30)}.example`),
        443,
      );
}

/** A printer announces its services: rows of answers, which are no questions. */
export const printerAnnouncements = (scene: Scene): Activity => ({
  label: benign(scene.office.printer, 'none', 'a printer announces its six services by mDNS', 'printer'),
  events: announcements(scene),
});

function* announcements(scene: Scene): Generator<OfficeEvent> {
  const types = ['_ipp._tcp', '_ipps._tcp', '_printer._tcp', '_pdl-datastream._tcp', '_uscan._tcp', '_http._tcp'];
  for (const at of again(scene, 600_000))
    for (const type of types)
      yield { kind: 'service_answer', at, source: scene.office.printer, type, instance: 'Office printer 2' };
}
