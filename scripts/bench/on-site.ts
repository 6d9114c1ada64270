import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Store } from '../../server/backends/duckdb/store.js';
import { inFolder } from './in-folder.js';

const MAKE_SITE = fileURLToPath(new URL('make-site.js', import.meta.url));

/** With the folder of a store that holds a site, filled by another process: its memory counts to no hunt. */
export const inSite = <T>(contacts: number, use: (folder: string) => Promise<T>): Promise<T> =>
  inFolder(async (folder) => {
    const [code] = await once(fork(MAKE_SITE, [folder, String(contacts)]), 'exit');
    if (code !== 0) throw new Error(`The site of ${contacts} contacts could not be made: exit code ${code}.`);
    return use(folder);
  });

/** The same, opened. */
export const onSite = <T>(contacts: number, use: (store: Store) => Promise<T>): Promise<T> =>
  inSite(contacts, async (folder) => {
    const store = await Store.open(folder);
    try {
      return await use(store);
    } finally {
      await store.close();
    }
  });
