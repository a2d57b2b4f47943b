import type { Network } from "../../core/networks.js";
import type { Place, Precision } from "../../core/places.js";
import { countryCode } from "../../grid/countries.js";
import { subdivision } from "../../grid/subdivisions.js";
import { accuracyOf } from "../../locate/places/accuracy.js";
import { ROLE } from "./role.js";

/** The texts of a row's fields by role. */
export type LoggedTexts = (role: number) => string;

/** The place that a log tells of a row, of the precision that its fields have; undefined if it tells none. */
export function loggedPlace(text: LoggedTexts): Place | undefined {
  const country = countryCode(text(ROLE.country)) ?? "";
  const regionCode = regionCodeOf(text(ROLE.regionCode), country);
  const region = text(ROLE.region) || subdivision(regionCode)?.name || "";
  const city = text(ROLE.city);
  const [lat, lon] = pointOf(text);
  if (country === "" && region === "" && city === "" && Number.isNaN(lat)) return undefined;
  const precision: Precision =
    city !== "" ? "city" : region !== "" || regionCode !== "" ? "region" : country !== "" ? "country" : "none";
  const accuracyKm = accuracyOf({ precision, country });
  return { country, region, regionCode, city, lat, lon, accuracyKm, precision, timeZone: text(ROLE.timeZone) };
}

/** The network that a log tells of a row; undefined if it tells none. */
export function loggedNetwork(text: LoggedTexts): Network | undefined {
  const digits = /^(?:AS)?(\d{1,10})$/i.exec(text(ROLE.asn))?.[1];
  const number = Number(digits ?? 0);
  const asn = number < 2 ** 32 ? number : 0;
  const organization = text(ROLE.organization);
  if (asn === 0 && organization === "") return undefined;
  return { asn, organization, name: "", tags: [], reserved: "" };
}

function regionCodeOf(text: string, country: string): string {
  const code = text.toUpperCase();
  if (/^[A-Z]{2}-[A-Z0-9]{1,3}$/.test(code)) return code;
  return /^[A-Z0-9]{1,3}$/.test(code) && country !== "" ? `${country}-${code}` : "";
}

/** Degrees, of a field each or of one for both: `52.5,13.4`, or ECS's `POINT (13.4 52.5)`, longitude first. */
function pointOf(text: LoggedTexts): [number, number] {
  const both = text(ROLE.latLon);
  const point = /^POINT\s*\(\s*(\S+)\s+(\S+)\s*\)$/i.exec(both);
  const [lat, lon] = point
    ? [point[2]!, point[1]!]
    : both.includes(",")
      ? (both.split(",") as [string, string])
      : [text(ROLE.lat), text(ROLE.lon)];
  const [y, x] = [degrees(lat), degrees(lon)];
  return Math.abs(y) <= 90 && Math.abs(x) <= 180 && !(x === 0 && y === 0) ? [y, x] : [Number.NaN, Number.NaN];
}

const degrees = (text: string): number =>
  /^[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?$/i.test(text.trim()) ? Number(text) : Number.NaN;
