import { monitorError } from "../errors.js";

const KINDS = { Uint8Array, Uint16Array, Uint32Array, Int32Array, Float32Array, Float64Array };
type Kind = keyof typeof KINDS;
type Columns = InstanceType<(typeof KINDS)[Kind]>;

/** Stands for a column or a map within JSON. */
interface Reference {
  readonly $column: Kind;
  readonly at: number;
  readonly length: number;
}

const ALIGNED = 8;

/** Bytes that are copied in one step. */
const STEP_BYTES = 8 * 2 ** 20;

/**
 * A tree of plain values, typed arrays and maps as bytes: the length of a JSON text, the text, and the arrays behind it.
 * Numbers that JSON does not know become null.
 */
export function packState(value: unknown): Uint8Array {
  const steps = packSteps(value);
  for (;;) {
    const { done, value: packed } = steps.next();
    if (done) return packed;
  }
}

/** The same in steps of a millisecond or so, during which nothing of the tree may change. */
export function* packSteps(value: unknown): Generator<void, Uint8Array> {
  const columns: Columns[] = [];
  let size = 0;
  const text = JSON.stringify(value, (_, part: unknown) => {
    if (part instanceof Map) return { $map: [...part] };
    if (!ArrayBuffer.isView(part)) return part;
    const column = part as Columns;
    const reference: Reference = { $column: column.constructor.name as Kind, at: size, length: column.length };
    columns.push(column);
    size += aligned(column.byteLength);
    return reference;
  });
  const json = new TextEncoder().encode(text);
  const start = aligned(ALIGNED + json.length);
  const bytes = new Uint8Array(start + size);
  new DataView(bytes.buffer).setUint32(0, json.length, true);
  bytes.set(json, ALIGNED);
  let [at, inStep] = [start, 0];
  for (const column of columns) {
    const from = new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
    for (let begin = 0; begin < from.length; begin += STEP_BYTES) {
      const some = from.subarray(begin, begin + STEP_BYTES);
      bytes.set(some, at + begin);
      inStep += some.length;
      if (inStep < STEP_BYTES) continue;
      inStep = 0;
      yield;
    }
    at += aligned(column.byteLength);
  }
  return bytes;
}

/** What {@link packState} packed; the arrays are views of it where it lies so that they can be. Throws `bad-monitor-state`. */
export function unpackState(packed: Uint8Array, file: string): unknown {
  // A plain array of bytes: the slices of a Buffer are views where copies are wanted.
  const bytes = new Uint8Array(packed.buffer, packed.byteOffset, packed.byteLength);
  const isAligned = bytes.byteOffset % ALIGNED === 0;
  if (bytes.length < ALIGNED) throw monitorError("bad-monitor-state", { file, why: "it ends early" });
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const start = aligned(ALIGNED + length);
  if (start > bytes.length) throw monitorError("bad-monitor-state", { file, why: "it ends early" });
  const json = new TextDecoder().decode(bytes.subarray(ALIGNED, ALIGNED + length));
  return JSON.parse(json, (_, part: unknown) => {
    if (typeof part !== "object" || part === null) return part;
    if ("$map" in part) return new Map(part.$map as [unknown, unknown][]);
    if (!("$column" in part)) return part;
    const { $column, at, length: count } = part as Reference;
    const Type = Object.hasOwn(KINDS, $column) ? KINDS[$column] : undefined;
    const end = start + at + count * (Type?.BYTES_PER_ELEMENT ?? 0);
    if (Type === undefined || !(at >= 0 && count >= 0 && end <= bytes.length))
      throw monitorError("bad-monitor-state", { file, why: "a column lies outside of it" });
    if (isAligned) return new Type(bytes.buffer as ArrayBuffer, bytes.byteOffset + start + at, count);
    return new Type(bytes.slice(start + at, end).buffer);
  });
}

const aligned = (size: number): number => Math.ceil(size / ALIGNED) * ALIGNED;
