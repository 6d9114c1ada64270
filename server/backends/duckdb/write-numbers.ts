import duckdb, { type Vector } from '@duckdb/node-bindings';
import type { ColumnType } from '../../../mappings/duckdb/tables.js';
import { Validity } from './validity.js';

export type NumberType = Exclude<ColumnType, 'VARCHAR' | 'JSON'>;
type Value = number | bigint | boolean | null;

const BYTES: Readonly<Record<NumberType, number>> = {
  BOOLEAN: 1,
  UTINYINT: 1,
  INTEGER: 4,
  UINTEGER: 4,
  BIGINT: 8,
  UHUGEINT: 16,
};

/**
 * Writes numbers and truth values into a vector of a data chunk, as they lie in memory: setting them one by one, with
 * the driver's classes for each type, costs twice as much.
 */
export class NumberWriter {
  private readonly bytes: ArrayBuffer;
  private readonly small: Uint8Array;
  private readonly signed: Int32Array;
  private readonly unsigned: Uint32Array;
  private readonly big: BigInt64Array;
  private readonly words: BigUint64Array;
  private readonly validity: Validity;

  /** @param mostRows that a vector holds: a multiple of 64 */
  constructor(mostRows: number) {
    this.bytes = new ArrayBuffer(mostRows * BYTES.UHUGEINT);
    this.small = new Uint8Array(this.bytes);
    this.signed = new Int32Array(this.bytes);
    this.unsigned = new Uint32Array(this.bytes);
    this.big = new BigInt64Array(this.bytes);
    this.words = new BigUint64Array(this.bytes);
    this.validity = new Validity(mostRows);
  }

  write(vector: Vector, type: NumberType, values: readonly Value[]): void {
    this.put(type, values);
    duckdb.copy_data_to_vector(vector, 0, this.bytes, 0, values.length * BYTES[type]);
    this.validity.write(vector, values);
  }

  /** What stands where there is no value doesn't matter. */
  private put(type: NumberType, values: readonly Value[]): void {
    if (type === 'BIGINT') {
      values.forEach((value, row) => {
        if (value !== null) this.big[row] = value as bigint;
      });
    } else if (type === 'UHUGEINT') {
      values.forEach((value, row) => {
        if (value === null) return;
        this.words[2 * row] = value as bigint; // its lower 64 bits
        this.words[2 * row + 1] = (value as bigint) >> 64n;
      });
    } else {
      const places = type === 'INTEGER' ? this.signed : type === 'UINTEGER' ? this.unsigned : this.small;
      values.forEach((value, row) => {
        places[row] = Number(value);
      });
    }
  }
}
