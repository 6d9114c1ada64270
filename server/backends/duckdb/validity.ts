import duckdb, { type Vector } from '@duckdb/node-bindings';

/** Tells DuckDB which rows of a vector hold a value. */
export class Validity {
  /** A bit for each row, set where there is a value. */
  private readonly bits: Uint8Array<ArrayBuffer>;

  /** @param mostRows that a vector holds: a multiple of 64 */
  constructor(mostRows: number) {
    this.bits = new Uint8Array(mostRows / 8);
  }

  /** A vector that is told nothing holds a value in each row. */
  write(vector: Vector, values: readonly unknown[]): void {
    if (!values.includes(null)) return;
    this.bits.fill(0xff);
    values.forEach((value, row) => {
      if (value === null) this.bits[row >>> 3]! &= ~(1 << (row & 7));
    });
    duckdb.vector_ensure_validity_writable(vector);
    duckdb.copy_data_to_vector_validity(vector, 0, this.bits.buffer, 0, Math.ceil(values.length / 64) * 8);
  }
}
