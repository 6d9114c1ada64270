import type { Backend } from '../../server/backend.js';

/** Hears of each call of a port, as `port.method` with the kind of document it is about, before it is made. */
export type Listener = (call: string) => void;

/** The same backend; what its ports are asked is told first. */
export const watched = ({ telemetry, events, documents, close }: Backend, listener: Listener): Backend => ({
  telemetry: watchedPort('telemetry', telemetry, listener),
  events: watchedPort('events', events, listener),
  documents: watchedPort('documents', documents, listener),
  close,
});

const watchedPort = <Port extends object>(name: string, port: Port, listener: Listener): Port =>
  new Proxy(port, {
    get(target, method) {
      const found: unknown = Reflect.get(target, method);
      if (typeof found !== 'function') return found;
      return (...given: unknown[]): unknown => {
        const about = name === 'documents' ? ` ${given[0]}` : '';
        listener(`${name}.${String(method)}${about}`);
        return Reflect.apply(found, target, given);
      };
    },
  });
