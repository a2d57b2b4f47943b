import type { Subject } from "../judge/subject.js";
import { CHANGING, isAttack } from "./linkReason.js";

/** Finds, of the subjects met so far, those that a new one could have anything in common with: an inverted index. */
export class PairIndex {
  readonly #byKey = new Map<string, number[]>();
  readonly #all = { attacks: [] as number[], others: [] as number[] };
  readonly #wide = { attacks: [] as number[], others: [] as number[] };

  /** Numbers of subjects added before that may be linked with this one, ascending. */
  candidates(subject: Subject): number[] {
    const family = isAttack(subject) ? "attacks" : "others";
    if (subject.place.siteWide) return [...this.#all[family]];
    const found = new Set(this.#wide[family]);
    for (const key of keysOf(subject)) for (const i of this.#byKey.get(key) ?? []) found.add(i);
    return [...found].sort((a, b) => a - b);
  }

  /** Numbers must ascend. */
  add(i: number, subject: Subject): void {
    const family = isAttack(subject) ? "attacks" : "others";
    this.#all[family].push(i);
    if (subject.place.siteWide) this.#wide[family].push(i);
    for (const key of keysOf(subject)) {
      const held = this.#byKey.get(key);
      if (held) held.push(i);
      else this.#byKey.set(key, [i]);
    }
  }
}

/** Whatever two subjects must share one of: a country (or the lack of any), a cause that changes, an account, an address. */
function keysOf(subject: Subject): Set<string> {
  const { finding, place, values } = subject;
  const keys = new Set<string>();
  const family = isAttack(subject) ? "attack" : "other";
  for (const country of place.countries) keys.add(`${family} country ${country}`);
  if (place.countries.size === 0) keys.add(`${family} unlocated`);
  if (family === "other") for (const [name, value] of values) if (CHANGING.has(name)) keys.add(`${name}=${value}`);
  if (family === "attack") {
    for (const user of finding.users) keys.add(`user ${user}`);
    for (const ip of finding.ips) keys.add(`ip ${ip}`);
  }
  return keys;
}
