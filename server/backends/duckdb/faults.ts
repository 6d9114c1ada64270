import { AppError } from '../../model/app-error.js';

/** What is wrong with the database itself, not with a statement. */
interface Fault {
  why: string;
  /** DuckDB takes no further statement on this instance. */
  isFatal: boolean;
}

const FATAL = /^FATAL Error|database has been invalidated/;
const DISK = /^IO Error|Could not (?:write|read|sync|truncate|create|open) |Cannot open (?:file|directory)/;

/** Undefined for errors of other kinds, and for what was described already. DuckDB tells what happened by its message alone. */
export function faultOf(error: unknown): Fault | undefined {
  const message = error instanceof Error && !(error instanceof AppError) ? error.message : '';
  const isFatal = FATAL.test(message);
  if (!isFatal && !DISK.test(message)) return undefined;
  const [, original] = /^Original error: "(.*)"/m.exec(message) ?? [];
  const why = original ?? message.split('\n', 1)[0]!;
  return { why: why.replace(/^(?:\w+ Error: )?(?:Failed[^:"]*: )?/, ''), isFatal };
}
