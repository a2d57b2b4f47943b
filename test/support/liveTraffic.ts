import type { Events } from "../../src/core/events.js";
import { Random } from "../../src/core/random.js";
import { copyRows } from "../../src/monitor/intake/copyRows.js";
import type { Monitor } from "../../src/monitor/monitor.js";
import type { ColumnLocator } from "../../src/read/columns/eventColumns.js";

/** A locator of events that are located already. */
export function locatorOf({ places, networks }: Pick<Events, "places" | "networks">): ColumnLocator {
  return { places, networks, locateColumn: () => {} };
}

/** Rows in an order in which each comes up to `delayMs` later than it would, cut into pushes of random length. */
export function* shuffledPushes(events: Events, delayMs: number, seed: number): Generator<Events> {
  const random = new Random(seed);
  const due = events.timeMs.map((time) => time + random.next() * delayMs);
  const order = Uint32Array.from({ length: events.length }, (_, row) => row).sort((a, b) => due[a]! - due[b]!);
  for (let at = 0; at < order.length; ) {
    const to = at + 1 + random.int(random.next() < 0.1 ? 20_000 : 2_000);
    yield copyRows(events, order.subarray(at, to));
    at = to;
  }
}

/** Pushes all events as a log would be read: one batch after the other, as fast as there is room. */
export async function feed(monitor: Monitor, pushes: Iterable<Events>): Promise<void> {
  for (const push of pushes) if (monitor.push(push).isFull) await monitor.drained();
}
