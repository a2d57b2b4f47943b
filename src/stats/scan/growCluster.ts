import type { Adjacency } from "../spatial/spatialWeights.js";
import type { ZoneLimits } from "./circularZones.js";
import type { ScanModel } from "./scanModel.js";

/** A connected set of regions. */
export interface GrownCluster {
  /** In the order in which they were taken in. */
  readonly regions: readonly number[];
  /** Log likelihood ratio less what its regions cost. */
  readonly score: number;
}

/** A change of the set: regions taken in, or one dropped. */
interface Move {
  readonly gain: number;
  readonly take: readonly number[];
  readonly drop: number;
}

interface Sums {
  cases: number;
  weight: number;
  readonly size: number;
  readonly score: number;
}

const FREE = 0;
const INSIDE = 1;
const BORDER = 2;
const APART = 3;
/** So many of the best sets are tried with others joined to them. */
const JOINED = 3;
/** Gains below this are rounding. */
const LEAST_GAIN = 1e-9;

/**
 * Searches connected sets of regions for a high score: log likelihood ratio less a cost for each region.
 *
 * From every region with more cases than expected, the set grows by the neighbour, or the neighbour and one behind it,
 * that adds most, and drops what no longer pays, until nothing gains. Then each set may also take in others that lie
 * behind a neighbour, whole, so that a poor region does not cut a chain in two.
 */
export class ClusterGrower {
  readonly #adjacency: Adjacency;
  readonly #model: ScanModel;
  readonly #limits: ZoneLimits;
  readonly #cost: number;
  readonly #state: Uint8Array;
  readonly #seen: Uint32Array;
  /** Sets of several regions grown on their own, and which of them holds a region; -1 where none does. */
  readonly #groupOf: Int32Array;
  #groups: readonly (readonly number[])[] = [];
  #search = 0;

  /**
   * @param adjacency - neighbours of each region, each pair in both rows
   * @param cost - what a region must add to the log likelihood ratio to be worth taking in
   */
  constructor(adjacency: Adjacency, model: ScanModel, limits: ZoneLimits, cost: number) {
    this.#adjacency = adjacency;
    this.#model = model;
    this.#limits = limits;
    this.#cost = cost;
    this.#state = new Uint8Array(adjacency.length);
    this.#seen = new Uint32Array(adjacency.length);
    this.#groupOf = new Int32Array(adjacency.length);
  }

  /**
   * The best set found; null where none scores above 0.
   *
   * @param apart - 1 for each region that no set may hold
   */
  best(cases: Int32Array, apart: Uint8Array): GrownCluster | null {
    const grown: GrownCluster[] = [];
    this.#groupOf.fill(-1);
    this.#groups = [];
    const covered = Uint8Array.from(apart);
    for (const start of this.#starts(cases, apart)) {
      if (covered[start] === 1) continue;
      const cluster = this.#grow(cases, [start], apart);
      for (const r of cluster.regions) covered[r] = 1;
      grown.push(cluster);
    }
    grown.sort((a, b) => b.score - a.score);
    this.#groups = grown.map(({ regions }) => regions).filter((regions) => regions.length > 1);
    this.#groups.forEach((regions, g) => {
      for (const r of regions) this.#groupOf[r] = g;
    });
    let best: GrownCluster | null = null;
    for (const { regions } of grown.slice(0, JOINED)) {
      const joined = this.#grow(cases, regions, apart);
      if (joined.score > (best?.score ?? 0)) best = joined;
    }
    return best;
  }

  /** Regions with more cases than expected, the most striking first. */
  #starts(cases: Int32Array, apart: Uint8Array): number[] {
    const { weight } = this.#model;
    const ratios = weight.map((w, r) =>
      apart[r] === 1 || w > this.#limits.maxWeight ? 0 : this.#model.ratio(cases[r]!, w),
    );
    const starts = Array.from(ratios.keys()).filter((r) => ratios[r]! > 0);
    return starts.sort((a, b) => ratios[b]! - ratios[a]! || a - b);
  }

  #grow(cases: Int32Array, start: readonly number[], apart: Uint8Array): GrownCluster {
    for (let r = 0; r < apart.length; r++) this.#state[r] = apart[r] === 1 ? APART : FREE;
    for (const r of start) this.#state[r] = INSIDE;
    let regions = start;
    let score = this.#scoreOf(cases, regions);
    for (;;) {
      const move = this.#bestMove(cases, regions, score);
      if (move === null) return { regions, score };
      if (move.drop >= 0) this.#state[move.drop] = FREE;
      for (const r of move.take) this.#state[r] = INSIDE;
      regions = [...regions.filter((r) => r !== move.drop), ...move.take];
      score += move.gain;
    }
  }

  #scoreOf(cases: Int32Array, regions: readonly number[]): number {
    const sum = (values: ArrayLike<number>): number => regions.reduce((total, r) => total + values[r]!, 0);
    return this.#model.ratio(sum(cases), sum(this.#model.weight)) - this.#cost * regions.length;
  }

  #bestMove(cases: Int32Array, regions: readonly number[], score: number): Move | null {
    const { weight } = this.#model;
    const now = { cases: 0, weight: 0, size: regions.length, score };
    for (const r of regions) {
      now.cases += cases[r]!;
      now.weight += weight[r]!;
    }
    let most = LEAST_GAIN;
    let best: Move | null = null;
    const border = this.#borderOf(regions);
    for (const r of border) {
      const gain = this.#gain(now, cases[r]!, weight[r]!, 1);
      if (gain > most) [most, best] = [gain, { gain, take: [r], drop: -1 }];
      for (const q of this.#adjacency[r]!) {
        if (this.#state[q] === INSIDE) continue;
        if (this.#state[q] === FREE && cases[q]! > 0) {
          const gain = this.#gain(now, cases[r]! + cases[q]!, weight[r]! + weight[q]!, 2);
          if (gain > most) [most, best] = [gain, { gain, take: [r, q], drop: -1 }];
        }
        const group = this.#groups[this.#groupOf[q]!];
        const joined = group === undefined ? null : this.#joining(now, cases, r, group);
        if (joined !== null && joined.gain > most) [most, best] = [joined.gain, joined];
      }
    }
    for (const r of border) this.#state[r] = FREE;
    for (const r of regions) {
      const gain = this.#gain(now, -cases[r]!, -weight[r]!, -1);
      if (gain > most && this.#holdsWithout(r, regions.length)) [most, best] = [gain, { gain, take: [], drop: r }];
    }
    return best;
  }

  /** Taking in a region of the border and a whole group behind it. */
  #joining(now: Sums, cases: Int32Array, border: number, group: readonly number[]): Move {
    const take = [border, ...group.filter((r) => r !== border && this.#state[r] !== INSIDE)];
    let [c, w] = [0, 0];
    for (const r of take) {
      c += cases[r]!;
      w += this.#model.weight[r]!;
    }
    return { gain: this.#gain(now, c, w, take.length), take, drop: -1 };
  }

  /** What more cases, weight and regions add to the score; nothing where the set would be too large, or empty. */
  #gain(now: Sums, cases: number, weight: number, regions: number): number {
    const size = now.size + regions;
    const total = now.weight + weight;
    if (size === 0 || size > this.#limits.maxRegions || total > this.#limits.maxWeight) return 0;
    return this.#model.ratio(now.cases + cases, total) - this.#cost * size - now.score;
  }

  /** Free regions next to the set; they are marked. */
  #borderOf(regions: readonly number[]): number[] {
    const border: number[] = [];
    for (const r of regions)
      for (const q of this.#adjacency[r]!) {
        if (this.#state[q] !== FREE) continue;
        this.#state[q] = BORDER;
        border.push(q);
      }
    return border;
  }

  /** Whether the set stays connected without one of its regions. */
  #holdsWithout(dropped: number, size: number): boolean {
    const first = this.#adjacency[dropped]!.find((r) => this.#state[r] === INSIDE && r !== dropped);
    if (first === undefined) return false;
    const mark = ++this.#search;
    this.#seen[first] = mark;
    const reached = [first];
    for (const r of reached)
      for (const q of this.#adjacency[r]!) {
        if (this.#state[q] !== INSIDE || q === dropped || this.#seen[q] === mark) continue;
        this.#seen[q] = mark;
        reached.push(q);
      }
    return reached.length === size - 1;
  }
}
