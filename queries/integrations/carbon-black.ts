import { all, any, equals, exists, not, oneOf } from '../filter.js';
import { defineIntegration } from '../integration.js';

const type = (name: string) => equals('carbon_black_cloud.endpoint_event.type', `endpoint.event.${name}`);
const action = (...names: string[]) => oneOf('event.action', ...names.map((name) => `ACTION_CONNECTION_${name}`));

/**
 * Carbon Black Cloud's endpoint events, as Elastic's integration indexes them: without a category, so that nobody else
 * would know them. The addresses of a connection that came in are turned, so that source is who began.
 *
 * Quiet on purpose: listening and closed sockets. Older versions of the integration put who started where what was
 * started belongs: their starts are left out. What was started has no arguments there: tools are known by their path.
 */
export const carbonBlack = defineIntegration({
  name: 'carbon_black_cloud',
  documents: any(
    equals('event.dataset', 'carbon_black_cloud.endpoint_event'),
    equals('data_stream.dataset', 'carbon_black_cloud.endpoint_event'),
  ),
  contact: {
    begun: all(type('netconn'), action('CREATE', 'CREATE_FAILED', 'ESTABLISHED'), exists('destination.ip')),
    inbound: oneOf('network.direction', 'inbound', 'ingress'),
    refused: action('CREATE_FAILED'),
    accepted: action('ESTABLISHED'),
  },
  launch: all(type('procstart'), not(exists('carbon_black_cloud.endpoint_event.childproc.name'))),
  exit: type('procend'),
});
