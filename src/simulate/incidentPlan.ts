import type { Community } from "./population.js";
import type { IncidentSpec } from "./trafficSpec.js";

/** What really happened: the answer that findings are held against. */
export interface SimulatedIncident {
  readonly kind: IncidentSpec["kind"];
  readonly startMs: number;
  readonly endMs: number;
  readonly places: readonly {
    readonly country: string;
    readonly region: string;
    readonly city: string;
    readonly lat: number;
    readonly lon: number;
  }[];
  readonly ips: readonly string[];
  readonly users: readonly string[];
}

/** A change to the ordinary traffic of some cities. */
export interface Effect {
  readonly startMs: number;
  readonly endMs: number;
  readonly area: ReadonlySet<Community>;
  readonly lost?: number;
  readonly failing?: number;
  readonly factor?: number;
  readonly service?: string;
  readonly version?: string;
  readonly pop?: string;
  /** What failing requests are answered with; default 503 and 504. */
  readonly status?: number;
}

/** A request at a moment from a city; what is not given is drawn as for any visitor. */
export interface Injection {
  readonly timeMs: number;
  readonly from: Community;
  readonly address?: number;
  readonly user?: string;
  readonly status?: number;
  readonly service?: string;
  readonly path?: string;
}

/** What a spec's incidents come to. */
export interface IncidentPlan {
  readonly effects: Effect[];
  readonly injections: Injection[];
  readonly incidents: SimulatedIncident[];
}

/** A city as truth names it. */
export function placeOf({ country, region, city, lat, lon }: Community): SimulatedIncident["places"][number] {
  return { country, region, city, lat, lon };
}
