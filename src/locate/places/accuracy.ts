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
  /** ISO 3166-1 alpha-2. */
  readonly country?: string;
  /** Tags of its network. */
  readonly tags?: readonly string[];
  /** What {@link prefixBand} gives. */
  readonly band?: number;
}

/**
 * The radius in kilometres where the database does not say one, by kind of network, region and size of the block.
 *
 * Source: "Lost in the Prefix: Revisiting IP Geolocation Accuracy Across Networks and Geographies" (arXiv:2605.21937),
 * four databases against probes and schools of known place in 175 countries. Median errors: 179–207 km in mobile networks,
 * 3–16 km in fixed ones. Failures: 9–20% in Europe, 53–61% in Asia, 66–72% in Africa. Coarser blocks err most, whatever the
 * network: a carrier's place is that of its gateway, and only a coarser answer than a city's can be told of it.
 */
export function accuracyOf({ precision, country = "", tags = [], band = 0 }: AccuracyFacts): number {
  const general = DEFAULT_ACCURACY_KM[precision];
  if (tags.some((tag) => GATEWAY_TAGS.has(tag))) return Math.max(general, GATEWAY_KM);
  if (precision !== "city") return general;
  const isFixed = tags.some((tag) => FIXED_TAGS.has(tag));
  return (isFixed ? FIXED_KM : general) * (isWellKnown(country) ? 1 : 2) * BAND_FACTORS[band]!;
}

/** Whether a radius may be one of {@link accuracyOf}, not a database's: then what is learnt of the network changes it. */
export function isAssumedAccuracy(accuracyKm: number, precision: Precision, country: string): boolean {
  return BAND_FACTORS.some((_, band) => accuracyOf({ precision, country, band }) === accuracyKm);
}

/** 0, 1 or 2 as so many addresses of IPv4 with one place are as few as usual, many, or very many. */
export function prefixBand(addresses: number): number {
  return addresses > MANY_ADDRESSES[1] ? 2 : addresses > MANY_ADDRESSES[0] ? 1 : 0;
}

/** What the radius of a city is multiplied by, by {@link prefixBand}. */
export function bandFactor(band: number): number {
  return BAND_FACTORS[band]!;
}

/** Larger than a /21, and than a /17: sizes at which carriers' and registries' blocks are not divided by place. */
const MANY_ADDRESSES = [2 ** 11, 2 ** 15] as const;
/** As many addresses as nearly all blocks have at most. */
export const USUAL_ADDRESSES: number = MANY_ADDRESSES[0];
const BAND_FACTORS = [1, 1.5, 2];

/** Networks whose users come out far from where they are. */
const GATEWAY_TAGS: ReadonlySet<string> = new Set(["carrier", "satellite"]);
const GATEWAY_KM = 190;

/** Networks that are where their users are. */
const FIXED_TAGS: ReadonlySet<string> = new Set(["broadband", "residential", "corporate", "education"]);
const FIXED_KM = 16;

const isWellKnown = (country: string): boolean => country === "" || WELL_KNOWN.has(country);

/** Europe, North America and Oceania's large countries, where databases fail least. */
const WELL_KNOWN: ReadonlySet<string> = new Set(
  (
    "AD AL AT AU BA BE BG BY CA CH CY CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC MD ME MK MT NL " +
    "NO NZ PL PT RO RS SE SI SJ SK SM UA US VA XK"
  ).split(" "),
);
