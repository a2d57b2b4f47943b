import { REGISTER_COUNT } from "../../../stats/distinctSketch.js";
import { cubeError } from "../../errors.js";
import { decodeIntegers } from "../../io/columnCodec.js";

/** A register never holds more than the zeros of 49 bits and one. */
const MAX_REGISTER = 50;

/** Registers of sketches, one behind the other. */
export function joinRegisters(sketches: Iterable<Uint8Array>): Uint8Array {
  const pieces = [...sketches];
  const all = new Uint8Array(REGISTER_COUNT * pieces.length);
  for (const [i, registers] of pieces.entries()) all.set(registers, REGISTER_COUNT * i);
  return all;
}

/** The groups that have sketches, with their registers. Throws `bad-cube-file`. */
export function splitRegisters(bytes: Uint8Array, groups: Uint8Array): [group: number, registers: Uint8Array][] {
  const n = bytes.length / REGISTER_COUNT;
  if (!Number.isInteger(n)) throw cubeError("bad-cube-file", { reason: "sketches have the wrong length" });
  const numbers = decodeIntegers(groups, new Uint32Array(n));
  return Array.from(numbers, (group, i) => [group, bytes.slice(i * REGISTER_COUNT, (i + 1) * REGISTER_COUNT)]);
}

/** Why a sketch of a group is none that a cube could have made; null if it may be one. */
export function sketchFault(group: number, registers: Uint8Array, groups: number, bound = 0): string | null {
  if (group >= groups || registers.length !== REGISTER_COUNT) return "a sketch belongs to no group";
  if (!Number.isSafeInteger(bound) || bound < 0) return "a sketch has no bound";
  return registers.every((register) => register <= MAX_REGISTER) ? null : "a register is too large";
}
