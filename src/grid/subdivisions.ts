import { iso31662 } from "iso-3166";
import { foldName } from "./foldName.js";

/** A part of a country that ISO 3166-2 codes: a state, a province, a county. */
export interface Subdivision {
  /** `DE-HE`. */
  readonly code: string;
  /** The name that ISO lists, mostly in the country's own language: `Hessen`. */
  readonly name: string;
  /** Code of what it is part of: a country (`DE`), or a wider subdivision (`GB-ENG`). */
  readonly parent: string;
}

/** The facts of an ISO 3166-2 code, in any case, or undefined. */
export function subdivision(code: string): Subdivision | undefined {
  return byCode.get(code.toUpperCase());
}

/**
 * ISO 3166-2 code of a subdivision by its name in a country (alpha-2), as ISO lists it; accents, case and order of words
 * do not matter. null where no subdivision has the name, or two have it.
 */
export function subdivisionCode(alpha2: string, name: string): string | null {
  byName ??= readNames();
  return byName.get(`${alpha2.toUpperCase()} ${foldName(name)}`) || null;
}

const byCode: ReadonlyMap<string, Subdivision> = new Map(iso31662.map((entry) => [entry.code, entry]));

/** Codes by country and folded name; the empty string where two share a name. Made when first asked for. */
let byName: ReadonlyMap<string, string> | undefined;

function readNames(): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { code, name } of iso31662) {
    const key = `${code.slice(0, 2)} ${foldName(name)}`;
    names.set(key, names.has(key) ? "" : code);
  }
  return names;
}
