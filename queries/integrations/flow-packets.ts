import { all, any, atLeast, atMost, equals, exists, type Filter, not } from '../filter.js';

const tcp = equals('network.transport', 'tcp');

/**
 * How a flow ended, where the sensor counts the packets of both sides and says nothing else. A handshake and its end
 * are two packets or more of the server; a reset is one, and a client may try again, so that two or three prove neither.
 */
export const flowPackets: { readonly [outcome in 'refused' | 'unanswered' | 'accepted']: Filter } = {
  refused: all(tcp, equals('source.packets', 1), equals('destination.packets', 1)),
  unanswered: any(atMost('destination.packets', 0), not(exists('destination.packets'))),
  accepted: any(atLeast('destination.packets', 4), all(not(tcp), atLeast('destination.packets', 1))),
};

/** Where Linux begins to draw clients' ports; Windows and macOS draw theirs from 49152 on. */
const FIRST_CLIENT_PORT = 32_768;

/**
 * From a service's port to a client's. Where a log has both directions as records of their own, or packets of
 * connections that it lost, only the ports tell what answers. A scan of ports above 32767 from a port below is taken
 * for answers, and stays quiet.
 */
export const answersClient: Filter = all(
  atMost('source.port', FIRST_CLIENT_PORT - 1),
  atLeast('destination.port', FIRST_CLIENT_PORT),
);
