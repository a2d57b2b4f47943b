import { chordKm, kmChord, unitVectors } from "../../../core/sphere.js";
import type { Sites } from "../series/trafficColumns.js";
import { type Discs, MAX_RADIUS_KM, mostNeighbours } from "./zones.js";

/** Neighbours as they are kept: with the length of the chord to each, by which they are ordered. */
interface Neighbours {
  readonly starts: Uint32Array;
  readonly site: Uint32Array;
  readonly chord: Float64Array;
}

interface Near {
  readonly chord: number;
  readonly site: number;
}

/**
 * Circles around sites that grow in number: each new one is put into the lists of those near it, in one pass over the sites
 * for each, rather than all lists made anew. The same circles as of all sites at once.
 */
export class GrowingDiscs {
  #known: Neighbours = { starts: new Uint32Array(1), site: new Uint32Array(0), chord: new Float64Array(0) };
  #discs: Discs | undefined;

  /** The circles of the sites that are known: those of the call before, in the same order, and perhaps more behind them. */
  of(sites: Pick<Sites, "lat" | "lon" | "length" | "known">): Discs {
    const { length, known = length } = sites;
    if (this.#discs === undefined || this.#known.starts.length - 1 !== known) this.#discs = this.#grown(sites, known);
    const { starts } = this.#discs;
    if (starts.length - 1 === length) return this.#discs;
    // Sites that are not known yet have no circles.
    const padded = new Uint32Array(length + 1).fill(starts[known]!, known + 1);
    padded.set(starts.subarray(0, known + 1));
    this.#discs = { ...this.#discs, starts: padded };
    return this.#discs;
  }

  #grown({ lat, lon }: Pick<Sites, "lat" | "lon">, length: number): Discs {
    const before = this.#known.starts.length - 1;
    const own: Near[][] = [];
    const more = new Map<number, Near[]>();
    const vectors = unitVectors(lat, lon);
    for (let q = before; q < length; q++) {
      const near = neighboursOf(q, vectors, q);
      own.push([{ chord: -1, site: q }, ...near]);
      for (const { chord, site } of near) {
        if (site >= before) own[site - before]!.push({ chord, site: q });
        else if (more.has(site)) more.get(site)!.push({ chord, site: q });
        else more.set(site, [{ chord, site: q }]);
      }
      if (Number.isNaN(vectors[3 * q]!)) own[q - before] = [];
    }
    this.#known = merged(this.#known, more, own, mostNeighbours(length));
    const { starts, site, chord } = this.#known;
    const km = new Float32Array(chord.length);
    for (let i = 0; i < km.length; i++) km[i] = chord[i]! < 0 ? 0 : chordKm(chord[i]!);
    return { starts, site, km, count: Math.max(1, site.length) };
  }
}

const REACH = kmChord(MAX_RADIUS_KM);

/** Those of the first sites that are near another. */
function neighboursOf(q: number, vectors: Float64Array, count: number): Near[] {
  const [x, y, z] = [vectors[3 * q]!, vectors[3 * q + 1]!, vectors[3 * q + 2]!];
  const near: Near[] = [];
  for (let p = 0; p < count; p++) {
    const dz = z - vectors[3 * p + 2]!;
    if (!(dz <= REACH && dz >= -REACH)) continue;
    const dx = x - vectors[3 * p]!;
    const dy = y - vectors[3 * p + 1]!;
    const chord = Math.sqrt(dx * dx + dy * dy + dz * dz);
    if (chord <= REACH) near.push({ chord, site: p });
  }
  return near;
}

const byDistance = (a: Near, b: Near): number => a.chord - b.chord || a.site - b.site;

/** The lists with what is new in them, each cut to the nearest. */
function merged(old: Neighbours, more: ReadonlyMap<number, Near[]>, own: readonly Near[][], most: number): Neighbours {
  const before = old.starts.length - 1;
  const starts = new Uint32Array(before + own.length + 1);
  const lists = own.map((list) => list.sort(byDistance).slice(0, most));
  const room = old.site.length + [...more.values(), ...lists].reduce((sum, list) => sum + list.length, 0);
  const site = new Uint32Array(room);
  const chord = new Float64Array(room);
  let at = 0;
  const put = (near: Near): void => {
    site[at] = near.site;
    chord[at++] = near.chord;
  };
  for (let p = 0; p < before; p++) {
    const [from, to] = [old.starts[p]!, old.starts[p + 1]!];
    const added = more.get(p);
    if (added === undefined) {
      const end = Math.min(to, from + most);
      site.set(old.site.subarray(from, end), at);
      chord.set(old.chord.subarray(from, end), at);
      at += end - from;
    } else {
      for (let i = from; i < to; i++) added.push({ chord: old.chord[i]!, site: old.site[i]! });
      for (const near of added.sort(byDistance).slice(0, most)) put(near);
    }
    starts[p + 1] = at;
  }
  lists.forEach((list, i) => {
    for (const near of list) put(near);
    starts[before + i + 1] = at;
  });
  return { starts, site: site.slice(0, at), chord: chord.slice(0, at) };
}
