/** Columns of numbers as bytes that compress well, and back. All readers check what they read. */

import type { Column } from "../../core/grown.js";
import { cubeError } from "../errors.js";

/** Bytes that grow. */
class Sink {
  bytes = new Uint8Array(1024);
  length = 0;

  /** Makes room for `more` bytes. */
  reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const wider = new Uint8Array(Math.max(2 * this.bytes.length, this.length + more));
    wider.set(this.bytes.subarray(0, this.length));
    this.bytes = wider;
  }

  done(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }
}

/** Non-negative integers below 2^53, seven bits a byte, the lowest first (LEB128). */
export function encodeIntegers(values: ArrayLike<number>): Uint8Array {
  const sink = new Sink();
  for (let i = 0; i < values.length; i++) {
    sink.reserve(8);
    let value = values[i]!;
    while (value >= 128) {
      sink.bytes[sink.length++] = (value % 128) | 128;
      value = Math.floor(value / 128);
    }
    sink.bytes[sink.length++] = value;
  }
  return sink.done();
}

/** Reads exactly as many integers as `out` has rows. Throws `bad-cube-file`. */
export function decodeIntegers<T extends Uint32Array | Float64Array>(bytes: Uint8Array, out: T): T {
  const limit = out instanceof Uint32Array ? 2 ** 32 : 2 ** 53;
  let at = 0;
  for (let i = 0; i < out.length; i++) {
    let value = 0;
    let scale = 1;
    for (;;) {
      if (at >= bytes.length) throw cubeError("bad-cube-file", { reason: "a column ends early" });
      const byte = bytes[at++]!;
      value += (byte & 127) * scale;
      scale *= 128;
      if (value >= limit) throw cubeError("bad-cube-file", { reason: "a number is too large" });
      if (byte < 128) break;
      if (scale > 2 ** 53) throw cubeError("bad-cube-file", { reason: "a number is too long" });
    }
    out[i] = value;
  }
  if (at !== bytes.length) throw cubeError("bad-cube-file", { reason: "a column is too long" });
  return out;
}

/** Differences from row to row, the sign in the lowest bit, so that sorted columns become small numbers. */
export function encodeSteps(values: Uint32Array): Uint8Array {
  const steps = new Float64Array(values.length);
  let before = 0;
  for (let i = 0; i < values.length; i++) {
    const step = values[i]! - before;
    steps[i] = step >= 0 ? 2 * step : -2 * step - 1;
    before = values[i]!;
  }
  return encodeIntegers(steps);
}

/** Reads what {@link encodeSteps} wrote. Throws `bad-cube-file`. */
export function decodeSteps(bytes: Uint8Array, out: Uint32Array): Uint32Array {
  const steps = decodeIntegers(bytes, new Float64Array(out.length));
  let value = 0;
  for (let i = 0; i < out.length; i++) {
    const step = steps[i]!;
    value += step % 2 === 0 ? step / 2 : -(step + 1) / 2;
    if (value < 0 || value >= 2 ** 32) throw cubeError("bad-cube-file", { reason: "a number is out of range" });
    out[i] = value;
  }
  return out;
}

type Plain = Column;

/** The bytes of all rows in little-endian order, all first bytes first, then all second bytes, and so on. */
export function encodePlanes(values: Plain): Uint8Array {
  const width = values.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const planes = new Uint8Array(bytes.length);
  for (let b = 0; b < width; b++) {
    const from = b * values.length;
    for (let i = 0; i < values.length; i++) planes[from + i] = bytes[i * width + b]!;
  }
  return planes;
}

/** Reads what {@link encodePlanes} wrote. Throws `bad-cube-file`. */
export function decodePlanes<T extends Plain>(planes: Uint8Array, out: T): T {
  const width = out.BYTES_PER_ELEMENT;
  if (planes.length !== out.byteLength) throw cubeError("bad-cube-file", { reason: "a column has the wrong length" });
  const bytes = new Uint8Array(out.buffer, out.byteOffset, out.byteLength);
  for (let b = 0; b < width; b++) {
    const from = b * out.length;
    for (let i = 0; i < out.length; i++) bytes[i * width + b] = planes[from + i]!;
  }
  return out;
}

/** Lengths of lists, from where each begins. */
export function encodeStarts(start: Uint32Array): Uint8Array {
  const lengths = new Uint32Array(start.length - 1);
  for (let g = 0; g < lengths.length; g++) lengths[g] = start[g + 1]! - start[g]!;
  return encodeIntegers(lengths);
}

/** Where each of `groups` lists begins, and where the last one ends. Throws `bad-cube-file`. */
export function decodeStarts(bytes: Uint8Array, groups: number): Uint32Array {
  const lengths = decodeIntegers(bytes, new Uint32Array(groups));
  const start = new Uint32Array(groups + 1);
  let end = 0;
  for (let g = 0; g < groups; g++) {
    end += lengths[g]!;
    if (end >= 2 ** 32) throw cubeError("bad-cube-file", { reason: "the lists are too long" });
    start[g + 1] = end;
  }
  return start;
}
