import { constants, createGunzip, createInflateRaw } from 'node:zlib';

/** Small slices bound what one write can blow up to: deflate packs at most 1:1,032, so 16 MiB. */
const SLICE_BYTES = 16 * 1024;

/**
 * Inflates gzip (or the raw deflate of a zip), and throws behind what came out: all of it where the stream ends early,
 * all but the last 16 KiB before wrong bytes. Node's own pipeline would throw away what it still holds.
 */
export async function* inflate(packed: AsyncIterable<Buffer>, kind: 'gzip' | 'raw'): AsyncGenerator<Buffer> {
  const options = { flush: constants.Z_SYNC_FLUSH }; // or the output of the last bytes waits for the end, and is lost
  const inflater = kind === 'gzip' ? createGunzip(options) : createInflateRaw(options);
  let failure: Error | undefined;
  let out: Buffer[] = [];
  let isOver = false; // at its end, which may come before that of its input, or at damage
  let goOn = () => {};
  const stop = () => {
    isOver = true;
    goOn();
  };
  inflater.on('data', (piece: Buffer) => out.push(piece));
  inflater.on('end', stop);
  inflater.on('error', (error: Error) => {
    failure = error;
    stop();
  });
  const settled = (act: () => void) =>
    new Promise<void>((resolve) => {
      goOn = resolve;
      if (isOver) resolve();
      else act();
    });
  const taken = () => {
    const pieces = out;
    out = [];
    return pieces;
  };
  try {
    for await (const chunk of packed) {
      for (let from = 0; from < chunk.length && !isOver; from += SLICE_BYTES) {
        await settled(() => inflater.write(chunk.subarray(from, from + SLICE_BYTES), () => goOn()));
        yield* taken();
      }
      if (isOver) break;
    }
    await settled(() => inflater.end());
    yield* taken();
  } finally {
    inflater.destroy();
  }
  if (failure) throw failure;
}
