import { distance } from "fastest-levenshtein";

/** Names with more than this share of their letters wrong are no slips of the pen. */
const MOST_WRONG = 0.4;

/** Fewer letters begin too many names. */
const LEAST_LETTERS = 4;

/** The candidate that a name was probably meant to be: a few letters away, or the only one that begins so. */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  let best: { readonly name: string; readonly wrong: number } | undefined;
  for (const candidate of candidates) {
    const wrong = distance(name.toLowerCase(), candidate.toLowerCase());
    if (
      (wrong > MOST_WRONG * Math.max(name.length, candidate.length) && !hasSameLetters(name, candidate)) ||
      wrong >= (best?.wrong ?? Number.POSITIVE_INFINITY)
    )
      continue;
    best = { name: candidate, wrong };
  }
  return best?.name ?? longerName(name, candidates);
}

/** Whether letters have only changed places. */
const hasSameLetters = (a: string, b: string): boolean => sorted(a) === sorted(b);

const sorted = (name: string): string => [...name.toLowerCase()].sort().join("");

function longerName(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length < LEAST_LETTERS) return undefined;
  const longer = [...candidates].filter((candidate) => candidate.toLowerCase().startsWith(name.toLowerCase()));
  return longer.length === 1 ? longer[0] : undefined;
}
