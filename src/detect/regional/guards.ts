/**
 * What keeps regional detectors from alarming on what is no region's trouble.
 *
 * - `clients`: a region has distinct clients, none of whom stand for most of it.
 * - `busiest`: the alarm must hold when the busiest client is left out.
 * - `open-bucket`: a bucket that may still receive requests is not judged.
 * - `history`: nothing is judged before there is a past to hold it against.
 * - `common-movement`: what all traffic does at once is no region's doing.
 * - `no-data`: when next to nothing came from anywhere, nothing was measured, and no baseline learns from it.
 * - `coverage`: what most sources of a log no longer cover is not judged: a late line is not everything else down.
 * - `rush`: what was learned within the last hours may lower an expectation, and not raise it above the season's.
 * - `past`: what came as little on such days at these hours before is no drop, whatever was fitted to them.
 * - `chance`: traffic is burstier than Poisson's, and a small or short past leaves its own rate uncertain.
 */
export const GUARDS = [
  "clients",
  "busiest",
  "open-bucket",
  "history",
  "common-movement",
  "no-data",
  "coverage",
  "rush",
  "past",
  "chance",
] as const;
export type Guard = (typeof GUARDS)[number];

/** The guards in force. Users have all of them; tests show what each one does by leaving it out. */
export type Guards = ReadonlySet<Guard>;

export const ALL_GUARDS: Guards = new Set(GUARDS);

/** All guards but one. */
export function guardsWithout(guard: Guard): Guards {
  return guardsBeside(ALL_GUARDS, guard);
}

/** Guards but one. */
export function guardsBeside(guards: Guards, guard: Guard): Guards {
  return new Set([...guards].filter((other) => other !== guard));
}
