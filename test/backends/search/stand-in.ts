import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Stands where an engine would, for what a real one does only when it fails. */
export async function standIn(answer: Answer, port = 0) {
  const server = createServer(answer).listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: taken } = server.address() as AddressInfo;
  return {
    port: taken,
    url: `http://127.0.0.1:${taken}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers with these statuses, one after another; 0 breaks the connection. */
export function inTurn(statuses: readonly number[]): { answer: Answer; asked: IncomingMessage[] } {
  const asked: IncomingMessage[] = [];
  return {
    asked,
    answer(request, response) {
      const status = statuses[asked.push(request) - 1];
      if (!status) request.socket.destroy();
      else
        response
          .writeHead(status, { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' })
          .end(JSON.stringify(status === 200 ? {} : { error: { type: 'refused_exception', reason: 'not now' } }));
    },
  };
}

/** Passes on to an engine what it is asked, and loses each second answer to a writing after the engine has made it. */
export function losingAnswers(engine: string): Answer {
  let writings = 0;
  const pass: (...exchange: Parameters<Answer>) => Promise<void> = async (request, response) => {
    const { method = 'GET', headers: asked } = request;
    const headers = new Headers();
    for (const name of ['accept', 'content-type']) if (asked[name]) headers.set(name, String(asked[name]));
    const sent = method === 'GET' ? {} : { body: await text(request) };
    const answer = await fetch(`${engine}${request.url}`, { method, headers, ...sent });
    const body = await answer.text();
    const isWriting = /\/_(doc|create)\//.test(request.url ?? '') && method !== 'GET';
    if (isWriting && writings++ % 2 === 0) request.socket.destroy();
    else {
      for (const header of ['content-type', 'x-elastic-product'])
        response.setHeader(header, answer.headers.get(header) ?? '');
      response.writeHead(answer.status).end(body);
    }
  };
  return (request, response) => void pass(request, response);
}
