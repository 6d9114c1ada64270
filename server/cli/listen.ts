import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '../model/app-error.js';

export interface Listener {
  url: string;
  /** Takes nothing new; answers under way have a few seconds. */
  close(): Promise<void>;
}

const CLOSE_DEADLINE_MS = 5_000;

/** Throws PORT_IN_USE, ADDRESS_UNUSABLE. */
export async function listen(app: RequestListener, host: string, port: number): Promise<Listener> {
  const server = createServer(app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(describe(error, host, port)));
    server.listen(port, host, resolve);
  });
  const { address, port: own } = server.address() as AddressInfo;
  return {
    url: `http://${address.includes(':') ? `[${address}]` : address}:${own}`,
    close: () =>
      new Promise((resolve) => {
        const timer = setTimeout(() => server.closeAllConnections(), CLOSE_DEADLINE_MS);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

function describe(error: NodeJS.ErrnoException, host: string, port: number): AppError {
  return error.code === 'EADDRINUSE'
    ? new AppError('PORT_IN_USE', `Port ${port} of ${host} is in use`, { cause: error })
    : new AppError('ADDRESS_UNUSABLE', `Can't listen on port ${port} of ${host}: ${error.message}`, { cause: error });
}
