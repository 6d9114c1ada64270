import { AppError } from '../../model/app-error.js';

/** Where an engine is and how to be let in. */
export interface EngineConfig {
  engine: keyof typeof names;
  /** http or https, without credentials: those go into `auth`. */
  url: string;
  auth?: { username: string; password: string } | { apiKey: string } | { bearer: string };
  /** PEM certificates to trust instead of the system's. */
  ca?: string;
}

const names = { elasticsearch: 'Elasticsearch', opensearch: 'OpenSearch' };

/** How people call an engine, without its credentials. Throws CONFIG_INVALID. */
export const placeOf = ({ engine, url }: Pick<EngineConfig, 'engine' | 'url'>): string =>
  `${names[engine]} at ${readAddress(url).origin}`;

/** The address is kept out of the messages: it may hold a password. Throws CONFIG_INVALID. */
export function readAddress(text: string): URL {
  if (!URL.canParse(text)) throw new AppError('CONFIG_INVALID', "The engine's URL is none.");
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol))
    throw new AppError('CONFIG_INVALID', "The engine's URL is neither http nor https.");
  if (url.username !== '' || url.password !== '')
    throw new AppError('CONFIG_INVALID', "The engine's URL holds credentials; they are given apart.");
  return url;
}
