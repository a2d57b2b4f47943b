import { causeWords } from "../../causeWords.js";
import type { Cause } from "../../finding.js";

/** A cause that carries less is not in the title. */
const MAIN = 0.6;

/**
 * A title with its main cause behind it: "58% of requests from Brazil fail (…): 97% of them version 4.3.0".
 *
 * @param base - what the title says already
 */
export function titleWithCause(
  title: string,
  ofWhat: string,
  [first]: readonly Cause[],
  base: Readonly<Record<string, string>>,
): string {
  if (first === undefined || first.share < MAIN) return title;
  const beyond = Object.entries(first.slice).filter(([name, value]) => base[name] !== value);
  const words = causeWords({ ...first, slice: Object.fromEntries(beyond) });
  return words.length === 0 ? title : `${title}: ${part(first.share)} ${ofWhat} ${words.join(", ")}`;
}

const part = (share: number): string => (share >= 0.995 ? "all of" : `${Math.round(100 * share)}% of`);
