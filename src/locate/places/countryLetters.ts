/**
 * The ISO 3166-1 alpha-2 code that a database or a log means by two letters; empty where they stand for no country.
 *
 * `UK` is reserved for the United Kingdom, whose code is GB, and `EL` is what the European Union writes for Greece. What is left out are the user-assigned and reserved codes
 * that sources write for "unknown" or for no country in particular: `ZZ`, `XX`, `T1` (Tor), `A1`, `A2`, `AP`, `EU`, `O1`.
 */
export function countryLetters(text: string): string {
  if (!/^[A-Za-z]{2}$/.test(text)) return "";
  const code = text.toUpperCase();
  return code === "UK" ? "GB" : code === "EL" ? "GR" : NO_COUNTRIES.has(code) ? "" : code;
}

const NO_COUNTRIES: ReadonlySet<string> = new Set(["ZZ", "XX", "AP", "EU"]);
