import { get as getPlain } from 'node:http';
import { get as getSecure } from 'node:https';
import { json } from 'node:stream/consumers';
import { ADMIN, accessTo } from './access.js';
import { type Engine, urlOf } from './engine.js';

const TIMEOUT_MS = 5_000;

export interface Health {
  cluster_name?: string;
  number_of_nodes?: number;
}

/** What an engine says of itself; undefined where nothing answers, or not in JSON. */
export async function healthOf(engine: Engine): Promise<Health | undefined> {
  try {
    return Object(await ask(engine));
  } catch {
    return undefined;
  }
}

function ask(engine: Engine): Promise<unknown> {
  const url = `${urlOf(engine)}/_cluster/health`;
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  return new Promise((resolve, reject) => {
    const request =
      engine.scheme === 'http'
        ? getPlain(url, { signal, agent: false })
        : getSecure(url, { signal, agent: false, ...asAdmin(engine) });
    request.on('error', reject).on('response', (answer) => json(answer).then(resolve, reject));
  });
}

function asAdmin({ name }: Engine): { ca: string; auth: string } {
  const { ca, password } = accessTo(name);
  return { ca, auth: `${ADMIN}:${password}` };
}
