/** Speed of the fastest scheduled trains, doors to doors, in km/h. */
const GROUND_KMH = 350;
/** Ground speed of an airliner with a strong tailwind, in km/h; the usual cruise is 900. */
const AIR_KMH = 1_000;
/** What boarding, climb, descent and leaving an airport take at the least, in hours. */
const AIRPORT_HOURS = 0.5;

/**
 * The shortest time in which a person can get from one place to another: the faster of a train and a flight.
 * The two meet at 269 km.
 */
export function minimumTravelHours(km: number): number {
  return Math.min(km / GROUND_KMH, AIRPORT_HOURS + km / AIR_KMH);
}

/** No two places on Earth are further apart than this, so whoever was seen longer ago may be anywhere. */
export const LONGEST_TRAVEL_HOURS = minimumTravelHours(20_016);
