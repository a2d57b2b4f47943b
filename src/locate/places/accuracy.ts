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

/** What is known of an address beside its place. */
export interface AccuracyFacts {
  readonly precision: Precision;
  readonly tags?: readonly string[];
  readonly country?: string;
  /** Length of the prefix that was given the place, as of IPv4 (of IPv6: a third of it); 32 if unknown. */
  readonly prefixBits?: number;
}

/** The radius in kilometres by what is known of the network. */
export function accuracyOf({ precision }: AccuracyFacts): number {
  return DEFAULT_ACCURACY_KM[precision];
}

/** The prefix length that stands for all those that are judged alike. */
export function accuracyBand(prefixBits: number): number {
  return prefixBits < 0 ? 0 : 32;
}
