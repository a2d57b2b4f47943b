import { HOUR_MS } from "../../../core/time.js";
import { slotDays } from "../users/userRecord.js";

/** How often an address occurs in an episode, and on which side. */
export interface AddressUse {
  readonly key: number;
  readonly away: boolean;
  count: number;
}

/** One stretch of time in which an account was used from places that nobody can travel between so fast. */
export interface TravelEpisode {
  /** The row of the user in the store while the episode is open. */
  readonly row: number;
  readonly low: number;
  readonly high: number;
  readonly user: string;
  /** The place that is more the user's own, and how many days it was seen before. */
  readonly homeSpot: number;
  readonly homeDays: number;
  /** The other place, the class of its network, and how many days it was seen before. */
  readonly awaySpot: number;
  readonly awayClass: number;
  readonly awayDays: number;
  /** Of the hop that is hardest to explain. */
  readonly km: number;
  readonly hours: number;
  readonly homeMs: number;
  readonly awayMs: number;
  /** First and last event at the other place. */
  startMs: number;
  endMs: number;
  awayEvents: number;
  /** How often the account changed sides; more than two is use from both at once. */
  changes: number;
  lastSideAway: boolean;
  /** Further places that cannot be reached either, with their events. */
  readonly elsewhere: Map<number, number>;
  /** By address text. */
  readonly addresses: Map<string, AddressUse>;
}

/** One end of a hop: where, what the user's record says of the place, and when. */
export interface HopEnd {
  readonly location: number;
  readonly state: number;
  readonly timeMs: number;
}

/** An episode that begins with a hop of `km` between two ends, one of which is more the user's own. */
export function newEpisode(
  user: { readonly row: number; readonly low: number; readonly high: number; readonly name: string },
  home: HopEnd,
  away: HopEnd,
  egressClass: number,
  km: number,
): TravelEpisode {
  return {
    row: user.row,
    low: user.low,
    high: user.high,
    user: user.name,
    homeSpot: home.location,
    homeDays: slotDays(home.state),
    awaySpot: away.location,
    awayClass: egressClass,
    awayDays: slotDays(away.state),
    km,
    hours: Math.abs(home.timeMs - away.timeMs) / HOUR_MS,
    homeMs: home.timeMs,
    awayMs: away.timeMs,
    startMs: away.timeMs,
    endMs: away.timeMs,
    awayEvents: 0,
    changes: 0,
    lastSideAway: away.timeMs < home.timeMs,
    elsewhere: new Map(),
    addresses: new Map(),
  };
}

/** Counts one event of an open episode. */
export function noteInEpisode(
  episode: TravelEpisode,
  away: boolean,
  timeMs: number,
  address: string,
  key: number,
): void {
  if (away) {
    episode.awayEvents++;
    if (timeMs < episode.startMs) episode.startMs = timeMs;
    if (timeMs > episode.endMs) episode.endMs = timeMs;
  }
  if (away !== episode.lastSideAway) {
    episode.changes++;
    episode.lastSideAway = away;
  }
  const use = episode.addresses.get(address);
  if (use !== undefined) use.count++;
  else if (episode.addresses.size < 1_000 && address !== "") episode.addresses.set(address, { key, away, count: 1 });
}
