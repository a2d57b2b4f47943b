import { isValidCell } from "h3-js";
import { parseNetwork } from "../../locate/address/parseNetwork.js";
import { continentName, countries, countryCode } from "../countries.js";
import { gridError } from "../errors.js";
import { subdivisionCode } from "../subdivisions.js";
import type { Circle } from "./circleIndex.js";
import { type AreaGeoJson, readShape } from "./readShape.js";
import type { Shape } from "./shapeEdges.js";

/**
 * What a group may hold. A text is a country (`DE`, `DEU`, `Germany`), a subdivision (`DE-HE`), a network
 * (`10.8.0.0/16`, `2001:db8::1`) or an H3 cell.
 */
export type GroupMember =
  | string
  | { readonly continent: string }
  /** Name of a UN M49 region or subregion: "Americas", "Western Europe". */
  | { readonly unRegion: string }
  /** A subdivision by its name: as the database writes it, or as ISO 3166-2 lists it. */
  | { readonly country: string; readonly region: string }
  | Circle
  | { readonly polygon: AreaGeoJson }
  /** Everything that another group holds. */
  | { readonly group: string };

/** A member, understood. */
export type ReadMember =
  | { readonly kind: "country" | "subdivision" | "region" | "cell" | "group"; readonly key: string }
  | { readonly kind: "network"; readonly family: 4 | 6; readonly first: bigint; readonly last: bigint }
  | { readonly kind: "circle"; readonly circle: Circle }
  | { readonly kind: "shape"; readonly shape: Shape };

/** Understands a member; one of a continent or UN region becomes its countries. Throws `bad-group`, `bad-geojson`. */
export function readMember(group: string, member: GroupMember): ReadMember[] {
  if (typeof member === "string") return [readText(group, member)];
  const refuse = (reason: string): Error => gridError("bad-group", { group, member: JSON.stringify(member), reason });
  if (typeof member !== "object" || member === null) throw refuse("it is neither text nor an object");
  if ("group" in member) return [{ kind: "group", key: member.group }];
  if ("polygon" in member) return [{ kind: "shape", shape: readShape(member.polygon, group) }];
  if ("radiusKm" in member) {
    const { lat, lon, radiusKm } = member;
    if (Math.abs(lat) <= 90 && Number.isFinite(lon) && radiusKm >= 0)
      return [{ kind: "circle", circle: { lat, lon, radiusKm } }];
    throw refuse("it needs a latitude within ±90, a longitude, and a radius of 0 km or more");
  }
  if ("region" in member) {
    const code = countryCode(member.country);
    if (code === null) throw refuse("its country is unknown");
    const subdivision = subdivisionCode(code, member.region);
    const named = { kind: "region", key: `${code}/${member.region}` } as const;
    return subdivision === null ? [named] : [named, { kind: "subdivision", key: subdivision }];
  }
  const wanted = "continent" in member ? member.continent : "unRegion" in member ? member.unRegion : undefined;
  const held = countries().filter((c) =>
    "continent" in member
      ? c.continent === wanted || continentName(c.continent) === wanted
      : wanted !== undefined && (c.unRegion === wanted || c.unSubregion === wanted),
  );
  if (held.length === 0) throw refuse("no country belongs to it");
  return held.map(({ alpha2 }) => ({ kind: "country", key: alpha2 }));
}

function readText(group: string, text: string): ReadMember {
  if (/^[A-Z]{2}-[A-Z0-9]{1,3}$/i.test(text) && countryCode(text.slice(0, 2)) !== null) {
    return { kind: "subdivision", key: text.toUpperCase() };
  }
  const code = countryCode(text);
  if (code !== null) return { kind: "country", key: code };
  if (/^[0-9a-f]{15}$/i.test(text) && isValidCell(text)) return { kind: "cell", key: text.toLowerCase() };
  if (/[.:]/.test(text)) return { kind: "network", ...parseNetwork(text) };
  const reason = "it is no country, subdivision, network or H3 cell";
  throw gridError("bad-group", { group, member: JSON.stringify(text), reason });
}
