import { all, any, equals, exists, not, oneOf } from '../filter.js';
import { defineIntegration } from '../integration.js';

const dataset = (...names: string[]) => any(oneOf('event.dataset', ...names), oneOf('data_stream.dataset', ...names));
const connects = (action: string) =>
  all(equals('event.action', action), exists('destination.ip'), not(equals('destination.port', 0)));

/**
 * Jamf Protect's telemetry, as Elastic's jamf_protect integration indexes it and as we import it. A connection is told
 * without its end.
 */
export const jamfProtect = defineIntegration({
  name: 'jamf_protect.telemetry',
  documents: dataset('jamf_protect.telemetry'),
  platform: 'macos',
  contact: {
    begun: connects('network_connect'),
    inbound: oneOf('network.direction', 'inbound', 'ingress', 'incoming'),
    hasOutcome: false,
  },
  launch: equals('event.action', 'exec'),
  exit: equals('event.action', 'exit'),
});

/** OpenBSM has error numbers of its own, those of Solaris. */
const error = (...errors: number[]) => oneOf('error.code', ...errors.map(String));

/**
 * Jamf Compliance Reporter: OpenBSM, macOS' audit system until version 14, as Elastic's integration indexes it and as we
 * import it. Elastic's keeps the address of a connect in a field of its own, so of its documents only launches and ends
 * are judged (their `process.name` is the path, they have no arguments, and a spawn names only who did it: left out). A connect that does not wait
 * ("now in progress") has no outcome.
 */
export const jamfComplianceReporter = defineIntegration({
  name: 'jamf_compliance_reporter',
  documents: dataset('jamf_compliance_reporter.log', 'jamf_compliance_reporter.audit'),
  platform: 'macos',
  contact: {
    begun: connects('aue_connect'),
    refused: error(146), // ECONNREFUSED
    unanswered: error(128, 145, 147, 148), // ENETUNREACH, ETIMEDOUT, EHOSTDOWN, EHOSTUNREACH
    accepted: error(0),
  },
  launch: all(
    equals('event.outcome', 'success'),
    any(equals('event.action', 'aue_execve'), all(equals('event.action', 'aue_posix_spawn'), exists('process.args'))),
  ),
  exit: equals('event.action', 'aue_exit'),
});
