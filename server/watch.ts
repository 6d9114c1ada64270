import { join } from 'node:path';
import { WatchedFolders } from './importers/watch/watched-folders.js';
import { type Repeated, repeat } from './jobs/schedule.js';
import type { Log } from './logger.js';
import { messageOf } from './model/message-of.js';
import type { Documents, Events } from './model/ports.js';

/**
 * Looking for what is new costs a listing, on network drives too, where notices of the system don't come: often enough,
 * as hunts come once a minute.
 */
const EVERY = '2s';

interface WatchSettings {
  folders: readonly string[];
  /** The folder of the embedded store, which also keeps records that can't be read. */
  data: string | undefined;
}

/** Reads what appears and grows in folders from now on. A failure is logged when it begins, and looks go on. */
export function startWatch(
  { folders, data }: WatchSettings,
  { events, documents }: { events: Events; documents: Documents },
  log: Log,
  now: () => number,
): Repeated {
  const watched = new WatchedFolders(events, documents, now, {
    folders,
    except: data,
    rejects: data && join(data, 'rejects.ndjson'),
    onProblem: ({ code, message, hint }) => log.warn(`${message}. ${hint}`, { code }),
    onBegun: (path, counts) => log.info(`Reads ${path}`, { ...counts }),
  });
  let failure: string | undefined;
  let isStopping = false;
  const repeated = repeat(EVERY, async () => {
    try {
      await watched.look();
      failure = undefined;
    } catch (error) {
      const message = `Watched folders: ${messageOf(error)}`;
      if (message !== failure && !isStopping) log.error(message);
      failure = message;
    }
  });
  return {
    stop() {
      isStopping = true;
      watched.stop();
      return repeated.stop();
    },
  };
}
