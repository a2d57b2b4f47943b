/** What a surge is a surge of. */
export type SurgeLevel = "address" | "city" | "network" | "country" | "world";

/** Ways in which traffic is unlike that of people. */
export type BotSign = "no-users" | "one-path" | "refused" | "few-addresses" | "clockwork" | "many-paths";

export interface SurgeAddress {
  readonly key: number;
  readonly text: string;
  readonly location: number;
  readonly network: number;
  requests: number;
  errors: number;
}

export interface SurgeWindow {
  readonly startMs: number;
  readonly endMs: number;
  readonly requests: number;
  readonly expected: number;
}

/** Consecutive windows in which a unit's traffic was far above its past. */
export interface SurgeEpisode {
  readonly level: SurgeLevel;
  readonly unit: number;
  readonly startMs: number;
  endMs: number;
  readonly detectedAtMs: number;
  lastWindow: number;
  requests: number;
  expected: number;
  errors: number;
  /** Requests that name a user, of all and as usual. */
  named: number;
  usualNamed: number;
  /** How many windows showed each sign. */
  readonly signs: Map<BotSign, number>;
  /** Requests and failed requests of the whole world in the same windows. */
  worldRequests: number;
  worldErrors: number;
  /** The largest of the world's requests over those of its busiest quiet window before. */
  load: number;
  /** Window by window; the last 1,000. */
  readonly windows: SurgeWindow[];
  path: string;
  readonly addresses: Map<number, SurgeAddress>;
}

const MAX_ADDRESSES = 20_000;

export function addAddress(episode: SurgeEpisode, address: SurgeAddress): void {
  const known = episode.addresses.get(address.key);
  if (known !== undefined) {
    known.requests += address.requests;
    known.errors += address.errors;
  } else if (episode.addresses.size < MAX_ADDRESSES) {
    episode.addresses.set(address.key, address);
  }
}
