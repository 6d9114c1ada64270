interface Peeked {
  head: Buffer;
  /** All of it, the head too; an error comes where it came. */
  content: AsyncIterable<Buffer>;
  /** For who doesn't read the content. */
  close(): Promise<void>;
}

/** Puts the first bytes in sight: at most `size`, fewer only where there are no more. */
export async function peek(content: AsyncIterable<Buffer>, size: number): Promise<Peeked> {
  const iterator = content[Symbol.asyncIterator]();
  const seen: Promise<IteratorResult<Buffer>>[] = [];
  const chunks: Buffer[] = [];
  for (let length = 0; length < size; ) {
    const result = iterator.next();
    seen.push(result);
    const next = await result.catch(() => undefined); // thrown again where the reader gets to it
    if (!next || next.done) break;
    chunks.push(next.value);
    length += next.value.length;
  }
  const close = async () => {
    await iterator.return?.();
  };
  const whole: AsyncIterator<Buffer> = {
    next: () => seen.shift() ?? iterator.next(),
    return: async () => {
      await close();
      return { done: true, value: undefined };
    },
  };
  return {
    head: Buffer.concat(chunks).subarray(0, size),
    content: { [Symbol.asyncIterator]: () => whole },
    close,
  };
}
