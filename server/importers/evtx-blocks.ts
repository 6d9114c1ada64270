/** A block of records; the format calls it a chunk. */
export interface EvtxBlock {
  /** From 1. */
  number: number;
  /** Its own memory; shorter than a block where the file is cut. */
  bytes: Uint8Array<ArrayBuffer>;
}

const FILE_HEADER = 4096;
const BLOCK = 64 * 1024;

/** Cuts a stream into the blocks behind the file's header. */
export async function* evtxBlocks(content: AsyncIterable<Buffer>): AsyncGenerator<EvtxBlock> {
  let number = 1;
  let bytes = new Uint8Array(BLOCK);
  let held = -FILE_HEADER; // below zero: of the header
  for await (const chunk of content) {
    for (let at = 0; at < chunk.length; ) {
      const taken = Math.min(chunk.length - at, held < 0 ? -held : BLOCK - held);
      if (held >= 0) bytes.set(chunk.subarray(at, at + taken), held);
      held += taken;
      at += taken;
      if (held < BLOCK) continue;
      yield { number, bytes };
      number += 1;
      bytes = new Uint8Array(BLOCK);
      held = 0;
    }
  }
  if (held > 0) yield { number, bytes: bytes.slice(0, held) };
}

/** Windows makes a file larger before it writes to it. */
export const isUnused = (bytes: Uint8Array): boolean => bytes.subarray(0, 512).every((byte) => byte === 0);
