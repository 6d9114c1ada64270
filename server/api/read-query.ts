import { z } from 'zod';
import { AppError } from '../model/app-error.js';
import { parseTime } from '../model/time.js';

/** What a request brings, as the schema has it. Throws REQUEST_INVALID that names each field. */
export function readInput<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const read = schema.safeParse(input ?? {});
  if (read.success) return read.data;
  const said = read.error.issues.slice(0, 10).map(({ path, message }) => [path.join('.'), message].filter(Boolean));
  throw new AppError('REQUEST_INVALID', said.map((words) => words.join(': ')).join('; '));
}

/** An ISO 8601 time; without a zone it is UTC. Gives epoch milliseconds. */
export const instant = z
  .string()
  .transform((text) => parseTime(text))
  .refine((time) => time !== undefined, 'must be an ISO 8601 time, as 2026-01-31T00:00:00Z')
  .transform((time) => time as number);

export const limit = z.coerce.number().int().min(1).max(200).default(50);
export const cursor = z.string().max(1_000).optional();

const LONGEST = 1_000;
const text = z.string().min(1).max(LONGEST);

/** Any number of values: a parameter given several times. */
export const texts = z.union([text.transform((one) => [one]), z.array(text).max(50)]).optional();

/** The same of a few words, which may also be joined by commas. */
export const words = <const T extends readonly [string, ...string[]]>(...known: T) =>
  z
    .union([text, z.array(text).max(50)])
    .transform((given) => [given].flat().flatMap((one) => one.split(',')))
    .pipe(z.array(z.enum(known)))
    .optional();
