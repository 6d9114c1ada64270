import { messageOf } from '../model/message-of.js';
import type { Collector } from './collector.js';
import type { BinaryFormat } from './format.js';
import type { ImportStep } from './import-step.js';

/** Reads a file of bytes with the format that recognized it. Where it breaks off, what came before is kept. */
export async function* readBinary(
  content: AsyncIterable<Buffer>,
  format: BinaryFormat,
  to: Collector,
): AsyncGenerator<ImportStep> {
  to.recognized(format.name);
  const { result } = to;
  try {
    for await (const { id, original, toDocuments } of format.read(content)) {
      result.records += 1;
      try {
        const documents = toDocuments();
        if (documents.length === 0) result.ignored += 1;
        for (const document of documents) to.event(format.name, { document, original, index: result.file, id });
      } catch (error) {
        to.rejectError(result.records, error, original);
      }
      yield* to.take();
    }
    to.reached({ isFinished: true });
  } catch (error) {
    to.reject(result.records + 1, 'truncated', `The file is damaged here: ${messageOf(error)}`, '');
  }
  yield* to.close();
}
