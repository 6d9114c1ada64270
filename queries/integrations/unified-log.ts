import { all, any, equals, exists, oneOf } from '../filter.js';
import { defineIntegration } from '../integration.js';

/**
 * macOS' unified log, as we import it. Of what Elastic's unifiedlogs integration indexes it owns the documents and says
 * nothing: the question and who asked stand in the message's text, which no filter takes apart.
 *
 * What it can't know: the name of a service type that is not widely known, for the log hides it: such a question has a
 * hash, which tells types apart. And whom a delegate asks for.
 */
export const unifiedLog = defineIntegration({
  name: 'unifiedlogs',
  documents: any(equals('event.module', 'unifiedlogs'), equals('event.dataset', 'unifiedlogs.log')),
  platform: 'macos',
  serviceQuery: {
    asked: all(
      oneOf('event.action', 'mdns-browse', 'mdns-query'),
      any(exists('dns.question.name'), exists('unified_log.mdns.name_hash')),
    ),
    masked: 'unified_log.mdns.name_hash',
  },
});
