import { all, any, equals, exists, not, oneOf } from '../filter.js';
import { defineIntegration } from '../integration.js';

const column = (name: string) => `osquery.result.columns.${name}`;

/** What a system call returned: its negative error, which osquery's BPF tables print as an unsigned number. */
const returned = (...errors: number[]): string[] =>
  errors.flatMap((error) => [`-${error}`, String(BigInt.asUintN(64, BigInt(-error)))]);

/**
 * osquery's results, as we import them and as Elastic's osquery integration indexes them.
 *
 * Elastic's integration keeps a row as it is (`osquery.result.columns`), with neither addresses nor process in ECS: of
 * its documents none is a contact or a launch. Map `remote_address`, `remote_port`, `path`, `cmdline` and `pid` to
 * destination.ip and so on, and event.category to network or process, and they are.
 *
 * `failed` in `socket_events` does not say why and counts as refused; `in_progress`, which nmap, nc and curl leave, is
 * unknown. On macOS there is no status. Connects to port 0 ask for a route: nothing is sent.
 */
export const osquery = defineIntegration({
  name: 'osquery',
  documents: any(equals('event.module', 'osquery'), oneOf('event.dataset', 'osquery.result')),
  contact: {
    begun: all(equals('event.category', 'network'), exists('destination.ip'), not(equals('destination.port', 0))),
    inbound: oneOf('network.direction', 'ingress', 'inbound'),
    refused: any(equals(column('status'), 'failed'), oneOf(column('exit_code'), ...returned(111))),
    unanswered: oneOf(column('exit_code'), ...returned(110, 113, 101)),
    accepted: any(equals(column('status'), 'succeeded'), equals(column('exit_code'), '0')),
  },
  launch: all(equals('event.category', 'process'), equals('event.type', 'start')),
  exit: all(equals('event.category', 'process'), equals('event.type', 'end')),
});
