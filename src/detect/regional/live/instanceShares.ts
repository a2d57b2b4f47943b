import type { Cube } from "../../../cube/cube.js";
import type { LiveSeries } from "./liveSeries.js";

/** Who counted a bucket, where several instances of a service do. */
export interface FleetBucket {
  readonly parts: readonly { readonly instance: string; readonly cube: Cube }[];
  /** Instances from which there is no data. */
  readonly missing: readonly string[];
}

/** The past halves in weight in about a day of buckets of five minutes. */
const FADE = 0.9976;
/** A site of which this share usually comes by way of instances that are missing is not judged by how much came. */
const TELLING = 0.05;

/**
 * What share of each site's traffic usually comes by way of which instance: where one is missing, there is no data of these
 * sites, which is no outage.
 */
export class InstanceShares {
  /** By instance, then by series: requests by site. */
  readonly #requests = new Map<string, Float64Array[]>();
  readonly #totals = new Map<string, number>();

  learn(all: readonly LiveSeries[], parts: FleetBucket["parts"]): void {
    for (const [instance, total] of this.#totals) this.#totals.set(instance, FADE * total);
    for (const columns of this.#requests.values())
      for (const column of columns) for (let p = 0; p < column.length; p++) column[p]! *= FADE;
    for (const { instance, cube } of parts) {
      const columns = this.#requests.get(instance) ?? [];
      this.#requests.set(instance, columns);
      for (const [i, { book }] of all.entries()) {
        const siteOf = book.siteOf(cube);
        const column = longer(columns[i], book.length);
        columns[i] = column;
        for (let g = 0; g < siteOf.length; g++) column[siteOf[g]!]! += cube.groups.count[g]!;
      }
      const total = cube.groups.count.reduce((sum, count) => sum + count, 0);
      this.#totals.set(instance, (this.#totals.get(instance) ?? 0) + total);
    }
  }

  /** 1 for each site of which too much is missing to say how much came; undefined where nothing is missing. */
  unknown(
    series: number,
    { sites: { length: sites } }: LiveSeries,
    missing: readonly string[] = [],
  ): Uint8Array | undefined {
    if (missing.length === 0) return undefined;
    const [all, gone] = [new Float64Array(sites), new Float64Array(sites)];
    for (const [instance, columns] of this.#requests) {
      const column = columns[series];
      for (let p = 0; p < Math.min(sites, column?.length ?? 0); p++) {
        all[p]! += column![p]!;
        if (missing.includes(instance)) gone[p]! += column![p]!;
      }
    }
    return Uint8Array.from(all, (total, p) => (gone[p]! > TELLING * total ? 1 : 0));
  }

  /** The same of the world as one site. */
  unknownWorld(missing: readonly string[] = []): Uint8Array | undefined {
    if (missing.length === 0) return undefined;
    let [all, gone] = [0, 0];
    for (const [instance, total] of this.#totals) {
      all += total;
      if (missing.includes(instance)) gone += total;
    }
    return Uint8Array.of(gone > TELLING * all ? 1 : 0);
  }
}

function longer(column: Float64Array | undefined, length: number): Float64Array {
  if (column !== undefined && column.length >= length) return column;
  const wider = new Float64Array(Math.ceil(1.5 * length) + 16);
  if (column !== undefined) wider.set(column);
  return wider;
}
