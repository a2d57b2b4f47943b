import { hashHigh, hashLow } from "../../../core/hash.js";
import { inertText } from "./inertText.js";

/** A dedup key of at most so many characters, harmless: itself, or what is harmless of its beginning and a hash of the whole. */
export function shortKey(key: string, most: number): string {
  if (key !== "" && inertText(key, most) === key) return key;
  return `${inertText(key, most - HASH_LENGTH - 1)}~${hashText(key)}`;
}

const HASH_LENGTH = 16;

/** 64 bits of a text as 16 letters from a to p: a hash that cannot be taken for a measured value. */
export function hashText(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const halves = [hashHigh(bytes, 0, bytes.length), hashLow(bytes, 0, bytes.length)];
  const hex = halves.map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
  return [...hex].map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 16))).join("");
}
