import { cellToBoundary, cellToLatLng } from "h3-js";
import { cellText } from "../cellText.js";
import { checkLength } from "../errors.js";

/** Cells as they are drawn: one row a cell, outlines one after another. */
export interface CellOutlines {
  /** Centres, degrees. */
  readonly lat: Float32Array;
  readonly lon: Float32Array;
  /** How many vertices each outline has: 5 to 10, without repeating the first. */
  readonly vertexCount: Uint8Array;
  /** Longitude, latitude, longitude, latitude … in degrees. Longitudes of one outline never jump: they may pass 180. */
  readonly outline: Float32Array;
}

/** Centres and outlines of cells, each on its own; see `cellsToGeoJson` for the outline of a set of them. */
export function cellOutlines(low: Uint32Array, high: Uint32Array): CellOutlines {
  checkLength("high", high.length, low.length);
  const lat = new Float32Array(low.length);
  const lon = new Float32Array(low.length);
  const vertexCount = new Uint8Array(low.length);
  const outline: number[] = [];
  for (let i = 0; i < low.length; i++) {
    const cell = cellText(low[i]!, high[i]!);
    [lat[i], lon[i]] = cellToLatLng(cell);
    const vertices = cellToBoundary(cell);
    vertexCount[i] = vertices.length;
    for (const [vertexLat, vertexLon] of vertices) {
      outline.push(lon[i]! + ((((vertexLon - lon[i]! + 180) % 360) + 360) % 360) - 180, vertexLat);
    }
  }
  return { lat, lon, vertexCount, outline: Float32Array.from(outline) };
}
