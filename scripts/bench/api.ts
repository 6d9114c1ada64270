import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { createLog } from '../../server/logger.js';
import { ScanhoundPlugin } from '../../server/plugin.js';

const PATHS = ['/api/alerts', '/api/runs', '/api/analytics'];
const PAUSE_MS = 20;

export interface ApiAnswers {
  count: number;
  /** Milliseconds. */
  median: number;
  p99: number;
  most: number;
}

/** How long the API takes to answer, one request after another, while all that is stored is hunted. */
export async function answersDuringHunt(data: string): Promise<ApiAnswers> {
  const plugin = new ScanhoundPlugin(createLog('warn'));
  const scanhound = await plugin.setup({ data });
  const server = createServer(await scanhound.openApi()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const times: number[] = [];
  let isHunting = true;
  const hunt = scanhound.hunt({ origin: 'command', analytics: ['AN1058'] }).finally(() => {
    isHunting = false;
  });
  while (isHunting) {
    const start = performance.now();
    const answer = await fetch(base + PATHS[times.length % PATHS.length]!);
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status}.`);
    times.push(performance.now() - start);
    await wait(PAUSE_MS);
  }
  await hunt;
  server.closeAllConnections();
  server.close();
  await plugin.stop();
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))]!;
  return { count: times.length, median: at(0.5), p99: at(0.99), most: at(1) };
}
