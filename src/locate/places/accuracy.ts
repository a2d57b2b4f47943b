import type { Precision } from "../../core/places.js";

/**
 * Radius within which an address probably is, where its database does not say: by precision, in kilometres.
 *
 * City: half of the checks of a free city database against servers of known place were off by more than 43 km.
 * Region and country: the radius of a circle with the area of a large subdivision, and of a mid-sized country.
 */
export const DEFAULT_ACCURACY_KM: Readonly<Record<Precision, number>> = {
  none: 1000,
  country: 500,
  region: 200,
  city: 50,
};
