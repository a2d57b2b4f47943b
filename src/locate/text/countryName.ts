/**
 * Whether a text is a name of the country of a code: it shares a word that counts with the English name, so "Iran
 * (Islamic Republic of)" and "Viet Nam" are, whoever lists them, and "Queensland" is none of Australia.
 */
export function isCountryName(letters: string, text: string): boolean {
  const code = letters.toUpperCase();
  const name = NAMES.of(/^[A-Z]{2}$/.test(code) ? (code === "UK" ? "GB" : code) : "ZZ") ?? "";
  const known = new Set(wordsOf(name));
  const [one, other] = [compact(name), compact(text)];
  if (other === "") return false;
  return (
    one === other || one.startsWith(other) || other.startsWith(one) || wordsOf(text).some((word) => known.has(word))
  );
}

const NAMES = new Intl.DisplayNames(["en"], { type: "region" });

/** Words that many names have. */
const COMMON = new Set(
  "the and of republic democratic people island islands state states united saint south north".split(" "),
);

function wordsOf(name: string): string[] {
  return folded(name)
    .split(/[^a-z]+/)
    .filter((word) => word.length > 2 && !COMMON.has(word));
}

const compact = (name: string): string => folded(name).replaceAll(/[^a-z]/g, "");
const folded = (name: string): string => name.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();
