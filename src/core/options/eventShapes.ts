import type { Events } from "../events.js";
import type { Shape } from "./shape.js";
import { having } from "./shapes.js";
import { has } from "./shown.js";

const MEMBERS = ["timeMs", "client", "places", "dimensions"];
const EXPECTED = "events, as readEvents(path, { locator }) and eventsFromObjects(rows) make them";

function fix(value: unknown): string | undefined {
  if (typeof value === "string" || value instanceof URL) return "events: await readEvents(path, { locator }) first";
  if (Array.isArray(value)) return "events: make them by eventsFromObjects(rows, { locator })";
  if (has(value, "groups", "places")) return `${EXPECTED}; a cube keeps no events`;
  return undefined;
}

/** One batch of events. */
export const EVENTS: Shape<Events> = { ...having(EXPECTED, ...MEMBERS), fix };

/** Events, or batches of them: a list is looked at, what else can be iterated is when its batches come. */
export const EVENT_BATCHES: Shape<Events | Iterable<Events>> = {
  expected: EXPECTED,
  accepts: (value) =>
    has(value, ...MEMBERS) ||
    (Array.isArray(value) ? value.every((batch) => has(batch, ...MEMBERS)) : has(value, Symbol.iterator)),
  fix: (value) =>
    has(value, Symbol.asyncIterator) ? "events: for await (const batch of batches) cube.add(batch)" : fix(value),
};

/** Objects that are to become events. */
export const EVENT_OBJECTS: Shape<Iterable<object>> = {
  expected: "a list of objects with the fields of events: [{ ts, ip, status }]",
  accepts: (value) => has(value, Symbol.iterator) && !has(value, ...MEMBERS),
  fix: (value) => (has(value, "ts") || has(value, "ip") ? "a list of objects: put the one in [ ]" : undefined),
};
