/** What a field of a log means. */
export const ROLE = {
  /** Not read. */
  ignored: 0,
  /** When: epoch seconds, milliseconds, microseconds, nanoseconds, ISO 8601 or `17/May/2015:10:05:03 +0000`. */
  time: 1,
  /** Who: an address, with or without a port. */
  address: 2,
  status: 3,
  /** A duration; `scale` makes milliseconds of it. */
  latency: 4,
  bytes: 5,
  user: 6,
  /** A value of the dimension `dimension`. */
  dimension: 7,
  /** Path of the request, or its URL: kept without scheme, host, query and fragment, in the dimension `path`. */
  path: 8,
  /** `GET /path HTTP/1.1`: the dimensions `method` and `path`. */
  request: 9,
  /** X-Forwarded-For, and Forwarded of RFC 7239: used where the peer is a trusted proxy. */
  forwardedFor: 10,
  forwarded: 11,
  /** Day and time of day in fields of their own. */
  date: 12,
  clock: 13,
  /** One of several durations that make up the latency together; a negative one makes it unknown. */
  latencyPart: 14,
  /** A duration of which 0 means that there was none. */
  latencyOrNone: 15,
  /** An address with its port behind the last colon, an IPv6 address without brackets too: what load balancers write. */
  endpoint: 16,
  /** A duration whose unit its size tells: seconds, or nanoseconds where it is whole and too large for seconds. */
  latencyByValue: 17,
  /** A duration that is read only where it has a unit. */
  latencyWithUnit: 18,
  /** How many requests the row stands for; between 0 and 1 the share of requests that were kept, so one in so many. */
  weight: 19,
  /** How many requests the row counts, taken as it is. */
  count: 20,
  /** Where the client is, in a log that is located already; see `LoggedPlace`. */
  country: 21,
  region: 22,
  regionCode: 23,
  city: 24,
  lat: 25,
  lon: 26,
  latLon: 27,
  timeZone: 28,
  asn: 29,
  organization: 30,
  /** Which client, where no address tells: a hash, or any text. */
  client: 31,
  /** When the request was over: with the time it tells the duration, where nothing else does. */
  endTime: 32,
} as const;

export type Role = (typeof ROLE)[keyof typeof ROLE];

/** Whether a role is one of those by which a log without addresses tells places and clients. */
export function isLocatingRole(role: number): boolean {
  return role >= ROLE.country && role <= ROLE.client;
}

/** What a field means, and what its numbers are. */
export interface FieldMapping {
  readonly role: Role;
  /** Which of several fields that mean the same is believed: the lowest that is present. */
  readonly rank: number;
  /** Milliseconds that 1 stands for, of a latency. */
  readonly scale: number;
  /** Name of the dimension, or the empty string. */
  readonly dimension: string;
}

/** Of how many different targets a row may have values: one a role, and one a dimension. */
export const FIRST_DIMENSION_TARGET = 40;

export const IGNORED: FieldMapping = { role: ROLE.ignored, rank: 0, scale: 1, dimension: "" };

/** The meaning of a field by role, for tables of formats. */
export function meaning(role: Role, options: Partial<Omit<FieldMapping, "role">> = {}): FieldMapping {
  const dimension = options.dimension ?? (role === ROLE.path ? "path" : "");
  return { role, rank: options.rank ?? 0, scale: options.scale ?? 1, dimension };
}
