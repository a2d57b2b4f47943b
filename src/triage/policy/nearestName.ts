/** The name that is at most two edits away (Levenshtein), the nearest, or null. */
export function nearestName(name: string, known: readonly string[]): string | null {
  const near = known.map((one) => ({ one, edits: editDistance(name.toLowerCase(), one.toLowerCase()) }));
  const [best] = near.filter(({ edits }) => edits <= 2).sort((a, b) => a.edits - b.edits);
  return best?.one ?? null;
}

function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length]!;
}
