/** The best of several rounds, in seconds. */
export interface Timing {
  /** By the clock. */
  readonly wall: number;
  /** Of the process's threads together: what counts on one thread while other processes want the machine, too. */
  readonly cpu: number;
}

/** Runs each contender in turn, several rounds over, so that a busy machine hurts all alike. */
export async function rounds(
  contenders: readonly { readonly name: string; readonly run: () => unknown }[],
  count: number,
): Promise<Map<string, Timing>> {
  const best = new Map<string, Timing>();
  for (let round = 0; round < count; round++)
    for (const { name, run } of contenders) {
      const cpuStart = process.cpuUsage();
      const start = performance.now();
      await run();
      const wall = (performance.now() - start) / 1000;
      const { user, system } = process.cpuUsage(cpuStart);
      const before = best.get(name) ?? { wall: Number.POSITIVE_INFINITY, cpu: Number.POSITIVE_INFINITY };
      best.set(name, { wall: Math.min(before.wall, wall), cpu: Math.min(before.cpu, (user + system) / 1e6) });
    }
  return best;
}
