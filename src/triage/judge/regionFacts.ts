import type { Finding } from "../../detect/finding.js";

/** A finding's region as sets, made once: regions are compared pair by pair. */
export interface RegionFacts {
  /** Whether it is about everything there is, wherever it is. */
  readonly siteWide: boolean;
  readonly countries: ReadonlySet<string>;
  readonly subdivisions: ReadonlySet<string>;
  readonly cities: ReadonlySet<string>;
  readonly cells: ReadonlySet<string>;
}

export function regionFacts({ region, evidence }: Finding): RegionFacts {
  return {
    siteWide: evidence?.zone === "world" || region.name === "the whole world",
    countries: new Set(region.countries),
    subdivisions: new Set(region.subdivisions),
    cities: new Set(region.cities),
    cells: new Set(region.cells),
  };
}
