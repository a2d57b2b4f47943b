import type { Shapes } from "../../core/options/shape.js";
import { either, list, number, text } from "../../core/options/shapes.js";
import type { Place } from "../../core/places.js";
import { parseNetwork } from "../address/parseNetwork.js";
import { locateError } from "../errors.js";
import { DEFAULT_ACCURACY_KM } from "../places/accuracy.js";
import { type PrefixId, prefixRanges } from "../ranges/prefixRanges.js";
import { SPECIAL_RANGES } from "../ranges/specialRanges.js";
import type { Layer, LayerIndexes } from "./layer.js";

/** A network that the user knows better than any database. The longest prefix that holds an address counts. */
export interface UserNetwork {
  /** `10.8.0.0/16`, `2001:db8::/32`, or several, or single addresses. */
  readonly cidr: string | readonly string[];
  /** "Berlin office". */
  readonly name?: string;
  /** ISO 3166-1 alpha-2. With none of the fields of a place, the address keeps the place of the databases. */
  readonly country?: string;
  readonly region?: string;
  /** ISO 3166-2, `DE-BE`. */
  readonly regionCode?: string;
  readonly city?: string;
  /** Degrees; both or none. */
  readonly lat?: number;
  readonly lon?: number;
  /** Kilometres. Default: by precision, or 1 where coordinates are given. */
  readonly accuracyKm?: number;
  /** IANA name. */
  readonly timeZone?: string;
  readonly asn?: number;
  readonly organization?: string;
  /** `office`, `vpn`, `health-check` … */
  readonly tags?: readonly string[];
}

/** What each field takes. */
export const USER_NETWORK: Shapes<UserNetwork> = {
  ...{
    cidr: either(text, list(text, "networks")),
    name: text,
    country: text,
    region: text,
    regionCode: text,
    city: text,
  },
  ...{ lat: number, lon: number, accuracyKm: number, timeZone: text, asn: number, organization: text },
  tags: list(text, "tags"),
};

/** The user's networks as a layer. Throws `bad-network` and `bad-option`. */
export function userLayer(networks: readonly UserNetwork[], indexes: LayerIndexes): Layer {
  const prefixes = networks.flatMap((network): PrefixId[] => {
    checkTypes(network);
    const id = indexes.pairs.id(placeIdOf(network, indexes), networkIdOf(network, indexes));
    return [network.cidr].flat().map((cidr) => ({ prefix: parseNetwork(cidr), id }));
  });
  return { ...prefixRanges(prefixes), covers4: false, covers6: false };
}

const TEXTS = ["name", "country", "region", "regionCode", "city", "timeZone", "organization"] as const;
const NUMBERS = ["lat", "lon", "accuracyKm", "asn"] as const;

/** Refuses what a configuration file may hold instead of a network. */
function checkTypes(network: UserNetwork): void {
  const isTexts = (value: unknown): boolean => [value].flat().every((one) => typeof one === "string");
  const wrong =
    typeof network !== "object" || network === null || !isTexts(network.cidr)
      ? "cidr"
      : (TEXTS.find((key) => typeof (network[key] ?? "") !== "string") ??
        NUMBERS.find((key) => typeof (network[key] ?? 0) !== "number") ??
        (isTexts(network.tags ?? []) ? undefined : "tags"));
  if (wrong === undefined) return;
  const reason = `has an entry without a usable "${wrong}": ${JSON.stringify(network)}`;
  throw locateError("bad-option", { option: "networks", reason });
}

/** The special-purpose ranges as a layer: networks with a reason and no place. */
export function specialLayer({ networks, pairs }: LayerIndexes): Layer {
  const prefixes = SPECIAL_RANGES.map(([cidr, reserved]): PrefixId => {
    const network = networks.id({ asn: 0, organization: "", name: "", tags: [], reserved });
    return { prefix: parseNetwork(cidr), id: pairs.id(0, network) };
  });
  return { ...prefixRanges(prefixes), covers4: false, covers6: false };
}

function placeIdOf(network: UserNetwork, { places }: LayerIndexes): number {
  const { country = "", region = "", regionCode = "", city = "", timeZone = "" } = network;
  const { lat = Number.NaN, lon = Number.NaN } = network;
  const placed = !Number.isNaN(lat) || !Number.isNaN(lon);
  if (placed && !(Math.abs(lat) <= 90 && Math.abs(lon) <= 180)) {
    throw locateError("bad-option", { option: "networks", reason: `has coordinates out of range: ${lat}, ${lon}` });
  }
  if (country !== "" && !/^[A-Za-z]{2}$/.test(country)) {
    const reason = `has a country that is not an ISO 3166-1 alpha-2 code: ${JSON.stringify(country)}`;
    throw locateError("bad-option", { option: "networks", reason });
  }
  if (!placed && country === "" && region === "" && city === "") return 0;
  const precision: Place["precision"] =
    city !== "" ? "city" : region !== "" ? "region" : placed ? "city" : country !== "" ? "country" : "none";
  const accuracyKm = network.accuracyKm ?? (placed ? 1 : DEFAULT_ACCURACY_KM[precision]);
  const names = { country: country.toUpperCase(), region, regionCode, city, timeZone };
  return places.id({ ...names, lat, lon, accuracyKm, precision });
}

function networkIdOf(network: UserNetwork, { networks }: LayerIndexes): number {
  const { asn = 0, organization = "", name = "", tags = [] } = network;
  return networks.id({ asn, organization, name, tags, reserved: "" });
}
