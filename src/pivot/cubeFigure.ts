import { isGeopivotError } from "../core/errors.js";
import type { Cube } from "../cube/cube.js";
import type { AnyMeasure, Figure } from "../cube/measures/measure.js";
import { allMeasures, keptMeasures } from "../cube/measures/measures.js";
import { pivotError } from "./errors.js";

/** A figure, and the measure from whose state it is read. */
export interface CubeFigure {
  readonly measure: AnyMeasure;
  readonly figure: Figure<Cube["segment"]>;
}

/**
 * The figure of a cube that a name means; null if none. Throws `measure-not-kept` if the cube was told not to keep what it is
 * read from, and `bad-measure` for a bad parameter.
 */
export function cubeFigure(cube: Cube, name: string): CubeFigure | null {
  for (const measure of allMeasures(cube.settings)) {
    const figure = figureOf(measure, name);
    if (figure === null) continue;
    if (!keptMeasures(cube.settings).includes(measure))
      throw pivotError("measure-not-kept", { measure: name, needs: measure.name });
    return { measure, figure };
  }
  return null;
}

/** Names of the figures that a cube can have, those with a parameter by example. */
export function figureNames(cube: Cube): readonly string[] {
  return allMeasures(cube.settings).flatMap(({ figures }) => figures);
}

function figureOf(measure: AnyMeasure, name: string): CubeFigure["figure"] | null {
  try {
    return measure.figure(name);
  } catch (cause) {
    if (!isGeopivotError(cause)) throw cause;
    throw pivotError("bad-measure", { measure: name, why: cause.message }, cause);
  }
}
