import type { FeatureCollection, MultiPolygon } from "geojson";
import { parentHigh, parentLow } from "../../grid/cellParent.js";
import { cellText } from "../../grid/cellText.js";
import { cellsToGeoJson } from "../../grid/outlines/cellsToGeoJson.js";
import { meanRates, type PlanState } from "./planState.js";

/** Who serves a cell. */
export interface CellAssignment {
  /** H3 index. */
  readonly cell: string;
  readonly rps: number;
  /** As the log has it, or else by distance: the server of most requests. */
  readonly today: string;
  /** The one that the model gives the least latency. */
  readonly better: string;
  /** What a request would gain by it, mean milliseconds. */
  readonly regretMs: number;
}

/**
 * Today's and the better server of each cell with traffic, by cell. Servers in `down` serve nobody in `better`.
 *
 * @param resolution - H3 resolution of the cells, at most the cube's; default: the cube's
 */
export function cellAssignments(
  state: PlanState,
  down: readonly string[] = [],
  resolution = state.cube.resolution,
): CellAssignment[] {
  const { cube, demand, costs, names, knowsToday } = state;
  const { places } = cube;
  const servers = names.length;
  const weights = meanRates(state);
  const cells = new Map<string, { today: Float64Array; cost: Float64Array; rps: number; ms: number }>();
  for (let row = 0; row < demand.rows; row++) {
    const place = demand.place[row]!;
    const [low, high] = [places.cellLow[place]!, places.cellHigh[place]!];
    if (high === 0) continue;
    const cell = cellText(parentLow(low, resolution), parentHigh(high, resolution));
    const known = cells.get(cell);
    const own = known ?? { today: new Float64Array(servers), cost: new Float64Array(servers), rps: 0, ms: 0 };
    if (known === undefined) cells.set(cell, own);
    const today = todayOf(state, row);
    own.rps += weights[row]!;
    for (let s = 0; s < servers; s++) {
      own.today[s]! += weights[row]! * today[s]!;
      own.cost[s]! += weights[row]! * costs.ms[row * servers + s]!;
      own.ms += weights[row]! * today[s]! * costs.ms[row * servers + s]!;
    }
  }
  const isUp = names.map((name) => !down.includes(name));
  return [...cells]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([cell, { today, cost, rps, ms }]) => {
      const best = cost.reduce((least, c, s) => (isUp[s] && (least < 0 || c < cost[least]!) ? s : least), -1);
      const most = today.reduce((top, share, s) => (share > today[top]! ? s : top), 0);
      const regretMs = rps > 0 ? Math.max(0, (ms - cost[best]!) / rps) : 0;
      return { cell, rps, today: names[most]!, better: names[best]!, regretMs: knowsToday ? regretMs : 0 };
    });
}

/** Shares of a row's requests by today's server; where the log does not tell, all to the nearest. */
function todayOf({ demand, costs, names }: PlanState, row: number): Float64Array {
  const servers = names.length;
  const shares = demand.today.slice(row * (servers + 1), row * (servers + 1) + servers);
  const total = shares.reduce((sum, share) => sum + share, 0);
  if (total > 0) return shares.map((share) => share / total);
  const km = costs.km.subarray(row * servers, (row + 1) * servers);
  shares[km.indexOf(Math.min(...km))] = 1;
  return shares;
}

/** Today's and the better catchments as GeoJSON: a MultiPolygon a server and kind, cells dissolved. */
export function assignmentsGeoJson(cells: readonly CellAssignment[]): FeatureCollection<MultiPolygon> {
  const features = (["today", "better"] as const).flatMap((kind) => {
    const servers = [...new Set(cells.map((cell) => cell[kind]))].sort();
    return servers.map((server) => {
      const own = cells.filter((cell) => cell[kind] === server);
      const rps = own.reduce((sum, cell) => sum + cell.rps, 0);
      const regret = own.reduce((sum, cell) => sum + cell.rps * cell.regretMs, 0);
      return {
        type: "Feature" as const,
        properties: { server, catchment: kind, rps, regretMs: kind === "today" && rps > 0 ? regret / rps : 0 },
        geometry: cellsToGeoJson(own.map(({ cell }) => cell)),
      };
    });
  });
  return { type: "FeatureCollection", features };
}
