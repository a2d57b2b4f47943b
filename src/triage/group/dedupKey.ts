import { hashHigh, hashLow } from "../../core/hash.js";
import type { Subject } from "../judge/subject.js";

/** Kept well under the 255 characters that receivers take. */
const MOST_READABLE = 120;
/** Subtypes that are about one account, whose name tells them apart. */
const OF_ONE_USER: ReadonlySet<string> = new Set([
  "impossible-travel",
  "concurrent-sessions",
  "brute-force",
  "new-origin",
]);

/**
 * What makes an incident the same incident tomorrow: kind, subtype, where, and the values of dimensions. Readable, and
 * without measured values, addresses and times: numbers of places and radii are left out of names, and the hash that keeps
 * long names apart is in letters.
 */
export function dedupKey({ finding }: Subject): string {
  const { kind, subtype, region, dimensions, users } = finding;
  const place = withoutNumbers(region.name);
  const values = Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
  const account = OF_ONE_USER.has(subtype) ? (users[0] ?? "") : "";
  const readable = [kind, subtype, slug(place), ...values.map(([name, value]) => `${slug(name)}=${slug(value)}`)];
  const exact = JSON.stringify([kind, subtype, place, [...region.countries].sort(), values, account]);
  return `${readable.join("/").slice(0, MOST_READABLE)}/${letters(exact)}`;
}

/** The same key for a second incident of its kind that is told beside the first: `…/b`. */
export function nthKey(key: string, n: number): string {
  let suffix = "";
  for (let rest = n; rest > 0; rest = Math.floor((rest - 1) / 26))
    suffix = String.fromCharCode(97 + ((rest - 1) % 26)) + suffix;
  return n === 0 ? key : `${key}/${suffix}`;
}

/** "250 km around Basel" is "around Basel", "12 cities in 3 countries" is "cities in countries". */
const withoutNumbers = (name: string): string => name.replace(/\d[\d.,]*\s*(?:km\s+)?/g, "").trim();

/** Lower case without accents, other characters as hyphens. */
const slug = (text: string): string =>
  text
    .slice(0, 200)
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}.]+/gu, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40);

/** 64 bits of hash as 16 letters a to p. */
function letters(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const halves = [hashHigh(bytes, 0, bytes.length), hashLow(bytes, 0, bytes.length)];
  const hex = halves.map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
  return [...hex].map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 16))).join("");
}
