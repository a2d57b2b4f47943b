/** A name without accents, case, punctuation and order: "Korea, Republic of" and "republic of Korea" fold to the same. */
export function foldName(name: string): string {
  const words = name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/['’.]/g, "")
    .replace(/&/g, " ")
    .replace(/\bst\b/g, "saint")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "" && !FILLERS.has(word));
  return words.sort().join(" ");
}

/** Words that names have or lack without meaning another country. */
const FILLERS: ReadonlySet<string> = new Set(["the", "of", "and", "a", "s", "state"]);
