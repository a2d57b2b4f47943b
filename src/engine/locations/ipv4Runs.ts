import { INDEX4_ENTRIES, INNER, type Table4 } from "../../locate/tables/table4.js";

/** Marks a value that leads on: the rest is the number of a block of {@link BLOCK} keys behind all /24s. */
export const LEADS_ON = 0x80000000;
/** Keys of a block: what four bits of an address tell apart. */
export const BLOCK = 16;

/** Called with consecutive keys [first, last] that have one value. */
export type Run = (first: number, last: number, value: number) => void;

/**
 * An IPv4 table as one array by key, run by run: keys below 2^24 are /24s; a /24 that is not all of one value leads on to
 * a block of its 16 /28s, and such a /28 to a block of its 16 addresses. One array, so that it is replaced at once. Runs
 * of 0 are left out.
 *
 * @param valueAt - the value of an id of the table
 * @returns how many keys there are
 */
export function ipv4Runs(table: Table4, valueAt: (id: number) => number, run: Run): number {
  const runs = new RunBuilder(run);
  const divided: number[] = [];
  for (let key = 0; key < INDEX4_ENTRIES; key++) {
    const entry = table.direct[key]!;
    if (entry < INNER) runs.add(key, valueAt(entry));
    else runs.add(key, uniform(table, entry, valueAt) ?? LEADS_ON + divided.push(entry) - 1);
  }
  const addresses: number[][] = [];
  let key = INDEX4_ENTRIES;
  const octets: number[] = new Array<number>(256);
  const blocks = divided.length;
  for (const entry of divided) {
    fill(table, entry, valueAt, octets);
    for (let nibble = 0; nibble < BLOCK; nibble++) {
      const own = octets.slice(BLOCK * nibble, BLOCK * (nibble + 1));
      const isOne = own.every((value) => value === own[0]);
      runs.add(key++, isOne ? own[0]! : LEADS_ON + blocks + addresses.push(own) - 1);
    }
  }
  for (const own of addresses) for (const value of own) runs.add(key++, value);
  runs.end();
  return key;
}

/** The one value of a divided /24 whose ids all have the same; undefined if they have not. */
function uniform({ lows, ids }: Table4, entry: number, valueAt: (id: number) => number): number | undefined {
  let at = entry & 0x7fffffff;
  const first = valueAt(ids[at]!);
  while (lows[++at] !== 0) if (valueAt(ids[at]!) !== first) return undefined;
  return first;
}

/** Writes the value of each address of a divided /24. */
function fill({ lows, ids }: Table4, entry: number, valueAt: (id: number) => number, octets: number[]): void {
  let at = entry & 0x7fffffff;
  for (let from = 0; from < 256; at++) {
    const next = lows[at + 1]! || 256;
    octets.fill(valueAt(ids[at]!), from, next);
    from = next;
  }
}

/** Joins keys that follow one another with one value. */
class RunBuilder {
  readonly #run: Run;
  #first = 0;
  #last = -1;
  #value = 0;

  constructor(run: Run) {
    this.#run = run;
  }

  add(key: number, value: number): void {
    if (value !== this.#value || key !== this.#last + 1) {
      this.end();
      this.#first = key;
      this.#value = value;
    }
    this.#last = key;
  }

  end(): void {
    if (this.#value !== 0 && this.#last >= this.#first) this.#run(this.#first, this.#last, this.#value);
    this.#value = 0;
  }
}
