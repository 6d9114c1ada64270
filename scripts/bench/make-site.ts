import { Store } from '../../server/backends/duckdb/store.js';
import { appendSite, eventsFor } from './site.js';

/** Fills a new store with a site of so many contacts: `node make-site.js FOLDER CONTACTS`. */
const [folder, contacts] = process.argv.slice(2);
const store = await Store.open(folder!);
await appendSite(store, 0, eventsFor(Number(contacts)));
await store.close();
