/** Runs each contender in turn, several rounds over; returns the best seconds of each, so that a busy machine hurts all alike. */
export async function rounds(
  contenders: readonly { readonly name: string; readonly run: () => unknown }[],
  count: number,
): Promise<Map<string, number>> {
  const best = new Map<string, number>();
  for (let round = 0; round < count; round++)
    for (const { name, run } of contenders) {
      const start = performance.now();
      await run();
      best.set(name, Math.min(best.get(name) ?? Number.POSITIVE_INFINITY, (performance.now() - start) / 1000));
    }
  return best;
}
