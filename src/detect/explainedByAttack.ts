import type { Finding } from "./finding.js";

/** Attacks that are made of requests: what a service turns away of them is no outage of its own. */
const ATTACKS: ReadonlySet<string> = new Set([
  "credential-stuffing",
  "password-spraying",
  "brute-force",
  "traffic-surge",
  "busy-client",
  "scraper",
  "login-outage",
]);
/** The attack's requests must be at least so many of those turned away: it is often told a little smaller than it is. */
const LEAST_SHARE = 0.5;

/**
 * Whether refusals in a region are a service's answer to an attack that is told already: at the same time, out of a country
 * that the attack comes from, and mostly of its own requests.
 */
export function explainedByAttack(finding: Finding, attacks: readonly Finding[]): boolean {
  if (finding.subtype !== "refused") return false;
  const refused = (finding.observed ?? 0) - (finding.expected ?? 0);
  return attacks.some(
    (attack) =>
      ATTACKS.has(attack.subtype) &&
      overlaps(attack, finding) &&
      attack.region.countries.some((country) => finding.region.countries.includes(country)) &&
      (attack.observed ?? 0) >= LEAST_SHARE * refused,
  );
}

function overlaps(a: Finding, b: Finding): boolean {
  return a.startMs < (b.endMs ?? Number.POSITIVE_INFINITY) && b.startMs < (a.endMs ?? Number.POSITIVE_INFINITY);
}
