import { peek } from './bytes.js';

/**
 * Bytes as text: UTF-8, or UTF-16 of either order where a byte order mark says so (PowerShell exports). The mark is
 * dropped; what is no valid character becomes U+FFFD.
 */
export async function* decodeText(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const { head, content } = await peek(bytes, 2);
  const decoder = new TextDecoder(encodingOf(head));
  for await (const chunk of content) {
    const text = decoder.decode(chunk, { stream: true });
    if (text !== '') yield text;
  }
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}

function encodingOf(head: Buffer): string {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  return head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : 'utf-8';
}
