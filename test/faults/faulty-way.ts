import type { IncomingMessage, ServerResponse } from 'node:http';
import { request as send } from 'node:http';
import { standIn } from '../backends/search/stand-in.js';

export const FAULTS = ['drop', 'truncate', 'delay', 'busy'] as const;
export type Fault = (typeof FAULTS)[number];

/** The way to a real engine, which can break: from the n-th request on, until it is mended. */
export async function faultyWay(engine: string) {
  let asked = 0;
  let broken: { fault: Fault; from: number } | undefined;
  const pass = (request: IncomingMessage, response: ServerResponse) => {
    const fault = broken && asked >= broken.from ? broken.fault : undefined;
    asked++;
    if (fault === 'drop') return request.socket.destroy();
    if (fault === 'busy')
      return response
        .writeHead(429, { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' })
        .end('{"error":{"type":"es_rejected_execution_exception","reason":"queue is full"},"status":429}');
    const { method, headers } = request;
    const onward = send(`${engine}${request.url}`, { method, headers }, (answer) => {
      if (fault === 'delay') return answer.resume(); // no answer comes while anybody waits
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      if (fault !== 'truncate') return answer.pipe(response);
      answer.once('data', (chunk: Buffer) => {
        response.write(chunk.subarray(0, chunk.length >> 1), () => request.socket.destroy());
      });
      answer.once('end', () => request.socket.destroy());
    });
    onward.on('error', () => request.socket.destroy());
    return request.pipe(onward);
  };
  const way = await standIn((request, response) => void pass(request, response));
  return {
    url: way.url,
    /** How many requests went this way since it was last broken or mended. */
    asked: () => asked,
    break(fault: Fault, from: number) {
      asked = 0;
      broken = { fault, from };
    },
    mend() {
      asked = 0;
      broken = undefined;
    },
    close: () => way.close(),
  };
}
