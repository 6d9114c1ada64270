import DataLoader from 'dataloader';

/** More would make statements of many parameters. */
const MOST_AT_ONCE = 500;

/**
 * What is asked at once (in one turn of the event loop) is answered by one call, in the order of asking. An error in the
 * place of an answer is its asker's own.
 */
export function together<Asked, Answer>(
  answer: (asked: readonly Asked[]) => Promise<(Answer | Error)[]>,
): (asked: Asked) => Promise<Answer> {
  const loader = new DataLoader<Asked, Answer>(answer, { cache: false, maxBatchSize: MOST_AT_ONCE });
  return (asked) => loader.load(asked);
}
