import type { CubeSettings } from "./cubeOptions.js";
import { ClientCodes } from "./keys/clientCodes.js";
import { CubeDimension } from "./keys/cubeDimension.js";
import { CubePlaces } from "./keys/cubePlaces.js";
import { allMeasures, schemaOf } from "./measures/measures.js";
import { emptySegment, type Segment } from "./segments/segment.js";

/** What a cube is made of, as plain data: verbs and formats take it and give it, and `new Cube(parts)` holds it. */
export interface CubeParts {
  readonly settings: CubeSettings;
  readonly places: CubePlaces;
  readonly dimensions: readonly CubeDimension[];
  readonly clients: ClientCodes;
  readonly segment: Segment;
  /** Infinity while there are no events. */
  readonly firstTimeMs: number;
  /** -Infinity while there are no events. */
  readonly lastTimeMs: number;
  /** Events that were left aside because they lie outside the window or have no time. */
  readonly outside: number;
}

/** The parts of a cube without events. */
export function emptyParts(settings: CubeSettings): CubeParts {
  return {
    settings,
    places: new CubePlaces(settings.resolution),
    dimensions: settings.dimensions.map((name) => new CubeDimension(name, settings.maxValues, settings.overflow)),
    clients: new ClientCodes(),
    segment: emptySegment(settings.dimensions.length, schemaOf(allMeasures(settings), false)),
    firstTimeMs: Number.POSITIVE_INFINITY,
    lastTimeMs: Number.NEGATIVE_INFINITY,
    outside: 0,
  };
}
