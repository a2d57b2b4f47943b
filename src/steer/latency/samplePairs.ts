import { steerError } from "../errors.js";
import type { PairTable } from "./pairTable.js";

/** A measurement: what a client somewhere saw of a server. */
export interface LatencySample {
  /** Degrees. */
  readonly lat: number;
  readonly lon: number;
  /** Default 0. */
  readonly accuracyKm?: number;
  /** The client's network, by any stable name. */
  readonly network?: string;
  readonly server: string;
  readonly latencyMs: number;
  /** How many measurements it stands for. Default 1. */
  readonly count?: number;
}

/** Adds samples to a table. Throws `bad-sample` and `unknown-server`. */
export function addSamples(
  table: PairTable,
  samples: Iterable<LatencySample>,
  serverRows: ReadonlyMap<string, number>,
): void {
  let row = 0;
  for (const sample of samples) {
    const { lat, lon, latencyMs: ms, count = 1 } = sample;
    const server = serverRows.get(sample.server);
    if (server === undefined)
      throw steerError("unknown-server", { server: sample.server, known: [...serverRows.keys()] });
    if (!(Math.abs(lat) <= 90 && Math.abs(lon) <= 360))
      throw steerError("bad-sample", { row, reason: `latitude ${lat}, longitude ${lon} is not a point on Earth` });
    if (!(ms > 0 && Number.isFinite(ms)))
      throw steerError("bad-sample", { row, reason: `latencyMs is ${ms}, expected milliseconds above 0` });
    if (!(count > 0 && Number.isFinite(count)))
      throw steerError("bad-sample", { row, reason: `count is ${count}, expected a number above 0` });
    table.add({ client: table.ends.rowOf(sample), server, ms, count });
    row++;
  }
}
