import { hashHigh, hashLow } from "../core/hash.js";

/** Sixteen hexadecimal digits that are the same for the same parts: what makes a finding the same finding in the next run. */
export function findingId(...parts: readonly (string | number)[]): string {
  const bytes = new TextEncoder().encode(parts.join("\u0000"));
  const hex = (half: number): string => half.toString(16).padStart(8, "0");
  return hex(hashHigh(bytes, 0, bytes.length)) + hex(hashLow(bytes, 0, bytes.length));
}
