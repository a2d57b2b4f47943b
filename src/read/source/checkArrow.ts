/** Structs of Arrow's FlatBuffers are nested no deeper than this, and vectors of them no longer than their bytes allow. */
const MAX_DEPTH = 64;
const MAGIC = "ARROW1";
const DICTIONARY_BATCH = 2;
const RECORD_BATCH = 3;
/** A row takes a bit at least. */
const ROWS_A_BYTE = 8;

/**
 * Checks the lengths that an Arrow IPC file or stream states, before anything of their size is allocated: vectors of its
 * FlatBuffers lie in them, and buffers and rows of batches in their bodies.
 *
 * Throws `RangeError`, which says what is wrong.
 */
export function checkArrow(bytes: Uint8Array): void {
  const isFile = String.fromCharCode(...bytes.subarray(0, 6)) === MAGIC;
  if (!isFile) {
    for (let at = 0; at < bytes.length; ) {
      const next = checkMessage(bytes, at);
      if (next < 0) return;
      at = next;
    }
    return;
  }
  const tail = bytes.length - MAGIC.length - 4;
  const length = tail > 0 ? new Flat(bytes).int32(tail) : -1;
  if (!(length > 0 && length <= tail - 8)) throw new RangeError("its footer lies outside of the file");
  const footer = new Flat(bytes.subarray(tail - length, tail));
  const root = footer.root();
  const schema = root.field(6);
  if (schema > 0) checkSchema(footer, footer.table(schema));
  for (const field of [8, 10])
    for (const block of footer.vector(root.field(field), 24)) checkMessage(bytes, footer.int64(block));
}

/** Checks the message at `at`; returns where the next begins, -1 behind the last. */
function checkMessage(bytes: Uint8Array, at: number): number {
  const whole = new Flat(bytes);
  let start = at + 4;
  let length = whole.int32(at);
  if (length === -1) {
    length = whole.int32(start);
    start += 4;
  }
  if (length === 0) return -1;
  if (length < 0 || start + length > bytes.length) throw new RangeError("a message lies outside of the file");
  const flat = new Flat(bytes.subarray(start, start + length));
  const root = flat.root();
  const bodyField = root.field(10);
  const body = bodyField > 0 ? flat.int64(bodyField) : 0;
  const end = start + length + body;
  if (!(body >= 0 && end <= bytes.length)) throw new RangeError("the body of a message lies outside of the file");
  const type = root.field(6) > 0 ? flat.byte(root.field(6)) : 0;
  const head = root.field(8);
  if (head > 0 && type === RECORD_BATCH) checkBatch(flat, flat.table(head), body);
  else if (head > 0 && type === DICTIONARY_BATCH) {
    const data = flat.table(head).field(6);
    if (data > 0) checkBatch(flat, flat.table(data), body);
  } else if (head > 0) checkSchema(flat, flat.table(head));
  return end;
}

function checkBatch(flat: Flat, batch: FlatTable, body: number): void {
  const lengthField = batch.field(4);
  const isCompressed = batch.field(10) > 0;
  const most = isCompressed ? 2 ** 31 : ROWS_A_BYTE * body;
  const inRange = (rows: number): boolean => rows >= 0 && rows <= most;
  if (lengthField > 0 && !inRange(flat.int64(lengthField))) throw new RangeError("a batch has more rows than bytes");
  for (const node of flat.vector(batch.field(6), 16))
    if (!inRange(flat.int64(node))) throw new RangeError("a column has more rows than bytes");
  for (const buffer of flat.vector(batch.field(8), 16)) {
    const [offset, length] = [flat.int64(buffer), flat.int64(buffer + 8)];
    if (!(offset >= 0 && length >= 0 && offset + length <= body))
      throw new RangeError("a buffer lies outside of its batch");
  }
  flat.vector(batch.field(12), 8);
}

function checkSchema(flat: Flat, schema: FlatTable, depth = 0): void {
  if (depth > MAX_DEPTH) throw new RangeError("its columns are nested too deeply");
  // Fields of the schema are field 6, children of a field 14; texts of metadata are field 8 or 16.
  for (const item of flat.vector(schema.field(depth === 0 ? 6 : 14), 4)) checkSchema(flat, flat.table(item), depth + 1);
  for (const item of flat.vector(schema.field(depth === 0 ? 8 : 16), 4)) {
    const pair = flat.table(item);
    for (const text of [pair.field(4), pair.field(6)]) flat.vector(text, 1);
  }
  if (depth > 0) flat.vector(schema.field(4), 1);
}

interface FlatTable {
  /** Where a field's value lies; 0 if the table has none. */
  field(index: number): number;
}

/** Reads a FlatBuffer, of which nothing is believed: whatever lies outside is a `RangeError`. */
class Flat {
  readonly #view: DataView;
  /** Items of vectors that may still be visited: tables may share vectors, and a circle of them has no end. */
  #left: number;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#left = bytes.length;
  }

  byte(at: number): number {
    return this.#view.getUint8(at);
  }

  int32(at: number): number {
    return this.#view.getInt32(at, true);
  }

  int64(at: number): number {
    return this.#view.getInt32(at + 4, true) * 2 ** 32 + this.#view.getUint32(at, true);
  }

  root(): FlatTable {
    return this.table(0);
  }

  /** The table that the offset at `at` points to. */
  table(at: number): FlatTable {
    const start = at + this.int32(at);
    const entries = start - this.int32(start);
    const size = this.#view.getUint16(entries, true);
    return {
      field: (index) => {
        if (index >= size) return 0;
        const offset = this.#view.getUint16(entries + index, true);
        return offset === 0 ? 0 : start + offset;
      },
    };
  }

  /** Where the items of the vector lie that the offset at `at` points to; none if it is 0. */
  vector(at: number, stride: number): number[] {
    if (at === 0) return [];
    const start = at + this.int32(at);
    const length = this.int32(start);
    if (!(length >= 0 && start + 4 + length * stride <= this.#view.byteLength))
      throw new RangeError("a list is longer than the file");
    if (stride === 1) return [];
    this.#left -= length;
    if (this.#left < 0) throw new RangeError("its lists are tangled");
    return Array.from({ length }, (_, i) => start + 4 + i * stride);
  }
}
