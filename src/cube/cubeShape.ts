import type { Shape } from "../core/options/shape.js";
import { has } from "../core/options/shown.js";
import type { Cube } from "./cube.js";

/** A cube, whichever build of geopivot its class comes from. */
export const CUBE: Shape<Cube> = {
  expected: "a cube: Cube.from(events)",
  accepts: (value) => has(value, "groups", "places", "bucketMs"),
  fix: (value) => {
    if (has(value, "timeMs", "client")) return "a cube: make one by Cube.from(events)";
    if (Array.isArray(value)) return "a cube: make one by Cube.from(eventsFromObjects(rows, { locator }))";
    if (value instanceof Uint8Array) return "a cube: Cube.load(bytes)";
    if (has(value, "cube")) return "a cube: take .cube of it";
    return typeof value === "string" ? "a cube: (await readCube(path, { locator })).cube" : undefined;
  },
};
