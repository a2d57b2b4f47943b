/** Where a pair ends. */
export interface End {
  /** Degrees. */
  readonly lat: number;
  readonly lon: number;
  /** How far from there it may be. Default 0. */
  readonly accuracyKm?: number;
  /** Whose network it is in, by any stable name. Default: not told. */
  readonly network?: string;
  /** Tells ends at the same coordinates apart. Default 0. */
  readonly twin?: number;
}

/** Ends of measured pairs as rows of columns. A client at the coordinates of a server is the same end. */
export class EndTable {
  readonly lat: number[] = [];
  readonly lon: number[] = [];
  readonly accuracyKm: number[] = [];
  /** 0 is "not told". */
  readonly network: number[] = [];
  /** Ends at the same coordinates have the same site, however closely they are known and whatever their network. */
  readonly site: number[] = [];
  readonly #rows = new Map<string, number>();
  readonly #sites = new Map<string, number>();
  readonly #networks = new Map<string, number>([["", 0]]);

  get length(): number {
    return this.lat.length;
  }

  /** The row of an end, added where it is new. */
  rowOf(end: End): number {
    const key = keyOf(end);
    const known = this.#rows.get(key);
    if (known !== undefined) return known;
    const { network = "" } = end;
    if (!this.#networks.has(network)) this.#networks.set(network, this.#networks.size);
    this.#rows.set(key, this.length);
    this.lat.push(end.lat);
    this.lon.push(end.lon);
    this.accuracyKm.push(end.accuracyKm ?? 0);
    this.network.push(this.#networks.get(network)!);
    const site = siteKeyOf(end);
    if (!this.#sites.has(site)) this.#sites.set(site, this.#sites.size);
    this.site.push(this.#sites.get(site)!);
    return this.length - 1;
  }

  /** The row of an end, or -1. */
  find(end: End): number {
    return this.#rows.get(keyOf(end)) ?? -1;
  }

  /** The site of an end, or -1 where none of the ends is there. */
  siteOf(end: End): number {
    return this.#sites.get(siteKeyOf(end)) ?? -1;
  }

  /** The number of a network, or -1 where none of the ends is in it. */
  networkOf({ network = "" }: End): number {
    return this.#networks.get(network) ?? -1;
  }
}

function keyOf(end: End): string {
  const { accuracyKm = 0, network = "" } = end;
  return `${siteKeyOf(end)} ${Math.round(accuracyKm)} ${network}`;
}

/** To some ten metres: coordinates come from float columns and from text. */
function siteKeyOf({ lat, lon, twin = 0 }: End): string {
  return `${Math.round(lat * 1e4)} ${Math.round(lon * 1e4)} ${twin}`;
}
