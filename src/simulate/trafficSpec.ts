import { parseTimeMs } from "../core/time.js";
import { simulateError } from "./errors.js";
import { TEXTURES, type TextureName, type TextureSpec } from "./texture/textureSpec.js";

/** Where an incident happens; a city belongs if it meets every condition given. */
export interface AreaSpec {
  /** ISO 3166-1 alpha-2. */
  readonly countries?: readonly string[];
  /** Names of subdivisions or cities, as the location database writes them. */
  readonly regions?: readonly string[];
  readonly cities?: readonly string[];
  readonly around?: { readonly lat: number; readonly lon: number; readonly radiusKm: number };
}

interface Timed {
  /** Hours from the start of the log. */
  readonly startHours: number;
  readonly minutes: number;
}

export type IncidentSpec =
  /** Requests that do not arrive: the share `lost` of them, in (0, 1]. */
  | (Timed & { readonly kind: "traffic-drop"; readonly area: AreaSpec; readonly lost: number })
  /** Requests that arrive and fail with 503 or 504: the share `failing`, in (0, 1]. */
  | (Timed & {
      readonly kind: "errors";
      readonly area: AreaSpec;
      readonly failing: number;
      readonly service?: string;
      readonly version?: string;
      /** Of textures that have PoPs. */
      readonly pop?: string;
    })
  /** Requests that are turned away with a status (default 403): the share `failing`, in (0, 1]. */
  | (Timed & {
      readonly kind: "refused";
      readonly area: AreaSpec;
      readonly failing: number;
      readonly status?: number;
      readonly service?: string;
      readonly version?: string;
      /** Of textures that have PoPs. */
      readonly pop?: string;
    })
  /** Latency multiplied by `factor`. */
  | (Timed & { readonly kind: "latency"; readonly area: AreaSpec; readonly factor: number })
  /** Log-ins for many users out of some addresses; 1 in 60 succeeds. */
  | (Timed & {
      readonly kind: "credential-stuffing";
      readonly area: AreaSpec;
      readonly attempts: number;
      readonly addresses: number;
      /** Whether the addresses are all over the area; default in its first city. */
      readonly spread?: boolean;
      /** It comes in so many waves, each a third as long as the time between their beginnings. Default 1, without pause. */
      readonly waves?: number;
    })
  /** Anonymous requests for one path, without pause. */
  | (Timed & {
      readonly kind: "traffic-surge";
      readonly area: AreaSpec;
      readonly requests: number;
      readonly addresses: number;
    })
  /** One anonymous address that goes through everything. */
  | (Timed & { readonly kind: "scraper"; readonly area: AreaSpec; readonly requests: number })
  /** A server that is lost: for `outageMinutes` (default 3) what it would serve is lost, then others serve it. */
  | (Timed & { readonly kind: "server-failure"; readonly server: string; readonly outageMinutes?: number })
  /** Accounts used at home and, minutes later, from another continent. */
  | (Timed & { readonly kind: "impossible-travel"; readonly accounts: number })
  /** Accounts that somebody on another continent uses for as long as it lasts, an hour on and an hour off, as at home. */
  | (Timed & { readonly kind: "shared-account"; readonly accounts: number });

/** A log to make: the same spec and the same location database give the same requests. */
export interface TrafficSpec {
  readonly seed: number;
  /** Start of the log, ISO 8601. */
  readonly start: string;
  readonly days: number;
  readonly requestsPerDay: number;
  /** Weights by ISO 3166-1 alpha-2 code; default: a product with users on every continent. */
  readonly countries?: Readonly<Record<string, number>>;
  /** Largest number of cities of one country; default 12. */
  readonly citiesPerCountry?: number;
  /** How requests hang together, by name or by traits. Default: nearly independent requests, by the sun's clock. */
  readonly texture?: TextureName | Partial<TextureSpec>;
  /** Servers that answer: requests then have a `pop`, the nearest that is up, and the latency of the way there. */
  readonly servers?: readonly ServerSpec[];
  readonly incidents: readonly IncidentSpec[];
}

/** A server of a simulated log. */
export interface ServerSpec {
  readonly name: string;
  readonly lat: number;
  readonly lon: number;
}

/** Checks a spec that comes from outside. Throws `bad-spec`, naming the field. */
export function checkTrafficSpec(value: unknown): TrafficSpec {
  const spec = object(value, "the spec");
  number(spec, "seed", "seed", -(2 ** 31), 2 ** 32);
  if (typeof spec.start !== "string")
    throw simulateError("bad-spec", { path: "start", problem: "must be an ISO 8601 time" });
  try {
    parseTimeMs(spec.start);
  } catch (cause) {
    throw simulateError("bad-spec", { path: "start", problem: "must be an ISO 8601 time" }, cause);
  }
  number(spec, "days", "days", 1 / 24, 400);
  number(spec, "requestsPerDay", "requestsPerDay", 1, 1e9);
  if (spec.citiesPerCountry !== undefined) number(spec, "citiesPerCountry", "citiesPerCountry", 1, 1000);
  if (spec.countries !== undefined) {
    const countries = object(spec.countries, "countries");
    for (const code of Object.keys(countries)) number(countries, code, `countries.${code}`, 0, 1e9);
  }
  if (spec.texture !== undefined) checkTexture(spec.texture);
  if (spec.servers !== undefined) checkServers(spec.servers);
  if (!Array.isArray(spec.incidents)) throw simulateError("bad-spec", { path: "incidents", problem: "must be a list" });
  spec.incidents.forEach((incident, i) => {
    checkIncident(object(incident, `incidents[${i}]`), `incidents[${i}]`);
  });
  return spec as unknown as TrafficSpec;
}

/** The numbers that each kind of incident needs beside its time, with their ranges. */
const INCIDENT_FIELDS: Readonly<
  Record<IncidentSpec["kind"], readonly (readonly [field: string, min: number, max: number])[]>
> = {
  "traffic-drop": [["lost", 0, 1]],
  "server-failure": [],
  errors: [["failing", 0, 1]],
  refused: [["failing", 0, 1]],
  latency: [["factor", 0, 1000]],
  "credential-stuffing": [
    ["attempts", 1, 1e7],
    ["addresses", 1, 1e5],
  ],
  "traffic-surge": [
    ["requests", 1, 1e8],
    ["addresses", 1, 1e5],
  ],
  scraper: [["requests", 1, 1e8]],
  "impossible-travel": [["accounts", 1, 1e5]],
  "shared-account": [["accounts", 1, 1e5]],
};

function checkIncident(incident: Record<string, unknown>, path: string): void {
  const fields = INCIDENT_FIELDS[incident.kind as IncidentSpec["kind"]];
  if (!Object.hasOwn(INCIDENT_FIELDS, String(incident.kind)) || fields === undefined) {
    throw simulateError("bad-spec", {
      path: `${path}.kind`,
      problem: `must be one of ${Object.keys(INCIDENT_FIELDS).join(", ")}`,
    });
  }
  number(incident, "startHours", `${path}.startHours`, 0, 1e5);
  number(incident, "minutes", `${path}.minutes`, 1, 1e6);
  for (const [field, min, max] of fields) number(incident, field, `${path}.${field}`, min, max);
  if (incident.waves !== undefined) number(incident, "waves", `${path}.waves`, 1, 1e4);
  if (incident.kind === "server-failure") {
    if (typeof incident.server !== "string")
      throw simulateError("bad-spec", { path: `${path}.server`, problem: "must be a text" });
    if (incident.outageMinutes !== undefined) number(incident, "outageMinutes", `${path}.outageMinutes`, 0, 1e6);
    return;
  }
  if (incident.kind !== "impossible-travel" && incident.kind !== "shared-account")
    checkArea(object(incident.area, `${path}.area`), `${path}.area`);
  if (incident.service !== undefined && typeof incident.service !== "string")
    throw simulateError("bad-spec", { path: `${path}.service`, problem: "must be a text" });
}

function checkServers(value: unknown): void {
  if (!Array.isArray(value) || value.length < 2)
    throw simulateError("bad-spec", { path: "servers", problem: "must be a list of two servers or more" });
  const names = new Set<string>();
  value.forEach((one, i) => {
    const server = object(one, `servers[${i}]`);
    number(server, "lat", `servers[${i}].lat`, -90, 90);
    number(server, "lon", `servers[${i}].lon`, -180, 180);
    if (typeof server.name !== "string" || server.name === "" || names.has(server.name))
      throw simulateError("bad-spec", { path: `servers[${i}].name`, problem: "must be a text that occurs once" });
    names.add(server.name);
  });
}

function checkArea(area: Record<string, unknown>, path: string): void {
  for (const field of ["countries", "regions", "cities"]) {
    const list = area[field];
    if (list !== undefined && !(Array.isArray(list) && list.every((one) => typeof one === "string")))
      throw simulateError("bad-spec", { path: `${path}.${field}`, problem: "must be a list of texts" });
  }
  if (area.around === undefined) return;
  const around = object(area.around, `${path}.around`);
  number(around, "lat", `${path}.around.lat`, -90, 90);
  number(around, "lon", `${path}.around.lon`, -180, 180);
  number(around, "radiusKm", `${path}.around.radiusKm`, 0, 20_040);
}

/** A texture by name, or traits of one. */
function checkTexture(texture: unknown): void {
  if (typeof texture === "string") {
    if (Object.hasOwn(TEXTURES, texture)) return;
    throw simulateError("bad-spec", { path: "texture", problem: `must be one of ${Object.keys(TEXTURES).join(", ")}` });
  }
  const traits = object(texture, "texture");
  const known: Readonly<Record<string, unknown>> = { ...TEXTURES.plain };
  for (const [trait, value] of Object.entries(traits)) {
    if (Object.hasOwn(known, trait) && typeof value === typeof known[trait]) continue;
    throw simulateError("bad-spec", { path: `texture.${trait}`, problem: "is no trait, or of another type" });
  }
}

function object(value: unknown, path: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw simulateError("bad-spec", { path, problem: "must be an object" });
}

function number(owner: Record<string, unknown>, field: string, path: string, min: number, max: number): void {
  const value = owner[field];
  if (typeof value === "number" && value >= min && value <= max) return;
  throw simulateError("bad-spec", { path, problem: `must be a number from ${min} to ${max}` });
}
