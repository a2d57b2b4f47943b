import type { MultiPolygon } from "geojson";
import { cellsToMultiPolygon, getResolution, isValidCell, uncompactCells } from "h3-js";
import { gridError } from "../errors.js";
import { greatCircleEdges } from "../greatCircleEdges.js";
import { type Position, ringsToMultiPolygon } from "./ringsToMultiPolygon.js";

/**
 * The outline of a set of cells as one GeoJSON MultiPolygon: inner borders dissolved, holes kept, RFC 7946 throughout
 * (longitude first, right-hand rule, cut at the antimeridian).
 *
 * @param cells - H3 indexes; repeats and a mix of resolutions are fine (coarser ones are refined to the finest)
 *
 * Throws `bad-cell` where a text is not an H3 cell. No cells give a MultiPolygon without polygons.
 */
export function cellsToGeoJson(cells: Iterable<string>): MultiPolygon {
  const distinct = [...new Set(cells)];
  for (const cell of distinct) if (!isValidCell(cell)) throw gridError("bad-cell", { value: cell });
  const loops = cellsToMultiPolygon(oneResolution(distinct), true).flat() as Position[][];
  return {
    type: "MultiPolygon",
    coordinates: ringsToMultiPolygon(loops.map((loop) => greatCircleEdges(loop.slice(0, -1)))),
  };
}

function oneResolution(cells: readonly string[]): string[] {
  const finest = cells.reduce((most, cell) => Math.max(most, getResolution(cell)), 0);
  return [...new Set(uncompactCells([...cells], finest))];
}
