import duckdb, { type Vector } from '@duckdb/node-bindings';
import { Validity } from './validity.js';

/** DuckDB's `string_t`: the length as 32 bits, then a text of so many bytes as it is, padded with zeros. */
const STRING_BYTES = 16;
const LENGTH_BYTES = 4;
const SHORT_BYTES = STRING_BYTES - LENGTH_BYTES;

/**
 * Writes texts into a vector of a data chunk. Most texts of telemetry are short (addresses, names of protocols) or
 * missing: they are written as they lie in memory, and only long ones by a call of the driver each.
 */
export class TextWriter {
  private readonly strings: Uint8Array<ArrayBuffer>;
  private readonly validity: Validity;

  /** @param mostRows that a vector holds: a multiple of 64 */
  constructor(mostRows: number) {
    this.strings = new Uint8Array(mostRows * STRING_BYTES);
    this.validity = new Validity(mostRows);
  }

  write(vector: Vector, texts: readonly (string | null)[]): void {
    this.strings.fill(0);
    const long: number[] = [];
    texts.forEach((text, row) => {
      if (text !== null && !this.putShort(text, row * STRING_BYTES)) long.push(row);
    });
    duckdb.copy_data_to_vector(vector, 0, this.strings.buffer, 0, texts.length * STRING_BYTES);
    for (const row of long) duckdb.vector_assign_string_element(vector, row, texts[row]!);
    this.validity.write(vector, texts);
  }

  /** False, and nothing written, where the text is long or not plain ASCII. */
  private putShort(text: string, at: number): boolean {
    const { length } = text;
    if (!(length <= SHORT_BYTES)) return false; // what is no text has none: the driver refuses it
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code === 0 || code > 0x7f) {
        this.strings.fill(0, at, at + STRING_BYTES);
        return false;
      }
      this.strings[at + LENGTH_BYTES + index] = code;
    }
    this.strings[at] = length;
    return true;
  }
}
