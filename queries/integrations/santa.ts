import { all, any, equals, not } from '../filter.js';
import { defineIntegration } from '../integration.js';

/** Santa on macOS, as Elastic's integration indexes its log and as we import it: programs that it let run. */
export const santa = defineIntegration({
  name: 'santa',
  documents: any(equals('event.dataset', 'santa.log'), equals('event.module', 'santa')),
  platform: 'macos',
  launch: all(equals('event.action', 'exec'), not(equals('event.outcome', 'failure'))),
  exit: equals('event.action', 'exit'),
});
