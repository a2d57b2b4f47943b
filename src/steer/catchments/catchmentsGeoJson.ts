import type { Feature, FeatureCollection, MultiPolygon } from "geojson";
import { cellsToGeoJson } from "../../grid/outlines/cellsToGeoJson.js";
import type { Catchments, PlaceCatchment } from "./catchments.js";
import { sphericalVoronoi } from "./sphericalVoronoi.js";

/** What the outline of a catchment says. */
export interface CatchmentProperties {
  readonly server: string;
  /** Cells by who serves most of their requests today; by who should; or what is nearest, for where there is no data. */
  readonly layer: "today" | "best" | "nearest";
  /** Null in the layer `nearest`. */
  readonly requests: number | null;
}

/**
 * Catchments as GeoJSON: for each server the H3 cells that it serves today, and those that it should, with inner borders
 * dissolved; and its spherical Voronoi cell, to be drawn beneath, where the log has nobody.
 */
export function catchmentsGeoJson(of: Catchments): FeatureCollection<MultiPolygon, CatchmentProperties> {
  const nearest = sphericalVoronoi(of.catalogue);
  const layers = (["today", "best"] as const).flatMap((layer) => {
    const served = cellsByServer(of.places, layer);
    return of.servers.flatMap(({ server, [layer]: requests }) => {
      const cells = served.get(server);
      return cells === undefined ? [] : [feature(cellsToGeoJson(cells), { server, layer, requests })];
    });
  });
  const beneath = of.servers.map(({ server }, i) => feature(nearest[i]!, { server, layer: "nearest", requests: null }));
  return {
    type: "FeatureCollection",
    features: [...beneath.filter(({ geometry }) => geometry.coordinates.length > 0), ...layers],
  };
}

/** A cell belongs to the server of most of its requests: a cell may hold several places. */
function cellsByServer(places: readonly PlaceCatchment[], layer: "today" | "best"): Map<string, string[]> {
  const counts = new Map<string, Map<string, number>>();
  for (const { cell, requests, [layer]: server } of places) {
    if (cell === "") continue;
    const ofCell = counts.get(cell) ?? new Map<string, number>();
    counts.set(cell, ofCell.set(server, (ofCell.get(server) ?? 0) + requests));
  }
  const cells = new Map<string, string[]>();
  for (const [cell, ofCell] of counts) {
    const [server] = [...ofCell].reduce((most, one) => (one[1] > most[1] ? one : most));
    cells.set(server, [...(cells.get(server) ?? []), cell]);
  }
  return cells;
}

function feature(geometry: MultiPolygon, properties: CatchmentProperties): Feature<MultiPolygon, CatchmentProperties> {
  return { type: "Feature", geometry, properties };
}
