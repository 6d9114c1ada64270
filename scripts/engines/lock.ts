import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Held as a port: the system gives it back when its holder dies. */
const PORT = 9280;

/** One process at a time starts and stops engines; the others wait. */
export async function withLock<T>(use: () => Promise<T>): Promise<T> {
  const lock = createServer((socket) => socket.destroy());
  for (;;) {
    lock.listen({ port: PORT, host: '127.0.0.1', exclusive: true });
    try {
      await once(lock, 'listening');
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      await pause(200);
    }
  }
  try {
    return await use();
  } finally {
    await new Promise((resolve) => lock.close(resolve));
  }
}
