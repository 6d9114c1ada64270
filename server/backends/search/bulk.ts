import { setTimeout as pause } from 'node:timers/promises';
import type { estypes } from '@elastic/elasticsearch';
import { AppError } from '../../model/app-error.js';
import type { Connection } from './connection.js';

/** A request holds so much, unless one document alone is larger. */
const MOST_CHARACTERS = 5_000_000;
const MOST_DOCUMENTS = 2_000;
const ATTEMPTS = 8;
const FIRST_WAIT_MS = 250;

export interface NewDocument {
  id: string;
  document: Record<string, unknown>;
}

/** Documents whose id is taken are there already. What the engine has no room for is sent again, the rest is not. */
export async function createAll(
  connection: Connection,
  index: string,
  documents: readonly NewDocument[],
): Promise<void> {
  for (const request of requestsOf(documents)) await createSome(connection, index, request);
}

async function createSome(connection: Connection, index: string, lines: readonly Line[]): Promise<void> {
  let waiting = lines;
  for (let attempt = 1; waiting.length > 0; attempt++) {
    const body = waiting.map(({ text }) => text).join('');
    const answer = await connection.request((client) =>
      client.transport.request<estypes.BulkResponse>(
        { method: 'POST', path: `/${encodeURIComponent(index)}/_bulk`, bulkBody: body },
        { headers: {} },
      ),
    );
    const results = answer.items.map(({ create }) => create);
    if (results.length !== waiting.length)
      throw new AppError(
        'ENGINE_ANSWER_INCOMPLETE',
        `The engine told of ${results.length} of ${waiting.length} documents.`,
      );
    const refused = results.find((result) => result?.error && ![409, 429, 503].includes(result.status));
    if (refused)
      throw new AppError(
        'ENGINE_REFUSED',
        `The engine refused a document: ${refused.error?.type}: ${refused.error?.reason?.slice(0, 300)}`,
      );
    waiting = waiting.filter((_, place) => [429, 503].includes(results[place]?.status ?? 0));
    if (waiting.length === 0) return;
    if (attempt === ATTEMPTS)
      throw new AppError('ENGINE_UNAVAILABLE', `The engine had no room for ${waiting.length} documents.`);
    await pause(Math.random() * FIRST_WAIT_MS * 2 ** attempt);
  }
}

interface Line {
  text: string;
}

function* requestsOf(documents: readonly NewDocument[]): Iterable<Line[]> {
  let lines: Line[] = [];
  let characters = 0;
  for (const { id, document } of documents) {
    const text = `${JSON.stringify({ create: { _id: id } })}\n${JSON.stringify(document)}\n`;
    if (lines.length === MOST_DOCUMENTS || (lines.length > 0 && characters + text.length > MOST_CHARACTERS)) {
      yield lines;
      lines = [];
      characters = 0;
    }
    lines.push({ text });
    characters += text.length;
  }
  if (lines.length > 0) yield lines;
}
