import { isIP } from "node:net";
import { countryLetters } from "../places/countryLetters.js";

/** Whether a cell says nothing: `-` of IP2Location, `None` and `Not routed` of iptoasn, `\N` of database dumps. */
export function isBlank(cell: string): boolean {
  return cell === "" || cell === "-" || cell === "\\N" || /^(?:none|null|n\/a|unknown|not routed)$/i.test(cell);
}

/** Whether a cell is where a range begins or ends: an address, or its number. */
export const isAddress = (cell: string): boolean => /^\d{1,39}$/.test(cell) || isIP(cell) !== 0;

/** Whether a cell is a network in CIDR notation. */
export const isNetwork = (cell: string): boolean => /^[^/]+\/\d{1,3}$/.test(cell) && isIP(cell.split("/")[0]!) !== 0;

/** What a cell may be beside text, so that columns are told apart by what is in them. */
export const KINDS: Readonly<Record<string, (cell: string) => boolean>> = {
  continent: (cell) => /^(?:AF|AN|AS|EU|NA|OC|SA)$/.test(cell),
  country: (cell) => countryLetters(cell) !== "" || /^(?:ZZ|XX|EU|AP)$/.test(cell),
  regionIso: (cell) => /^[A-Z]{2}-[A-Z0-9]{1,3}$/.test(cell),
  asn: (cell) => /^(?:AS)?\d{1,10}$/i.test(cell),
  latitude: (cell) => isDecimal(cell) && Math.abs(Number(cell)) <= 90,
  longitude: (cell) => isDecimal(cell) && Math.abs(Number(cell)) <= 180,
  zone: (cell) => /^(?:[A-Z][A-Za-z]+\/[A-Za-z0-9_+/-]+|UTC|GMT)$/.test(cell),
  offset: (cell) => /^[+-]\d{1,2}(?::?\d\d)?$/.test(cell),
  domain: (cell) => /^(?:[a-z0-9_-]+\.)+[a-z0-9-]{2,}$/i.test(cell) && !isDecimal(cell),
  network: isNetwork,
  postcode: (cell) => /^(?=.*\d)[A-Z0-9][A-Z0-9 -]{1,9}$/i.test(cell) && !/^AS\d+$/i.test(cell),
  netSpeed: (cell) => /^(?:DIAL|DSL|COMP|T1)$/.test(cell),
  use: (cell) => cell.split("/").every((one) => /^(?:COM|ORG|GOV|MIL|EDU|LIB|CDN|ISP|MOB|DCH|SES|RSV)$/.test(one)),
  number: (cell) => isDecimal(cell),
};

/** A plain decimal number: no hexadecimal, no exponent, no infinity. */
export function isDecimal(cell: string): boolean {
  return /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)$/.test(cell);
}

/** What is in a column of which some cells are given: the kinds that all fit, for an error to name. */
export function describeColumn(cells: readonly string[]): string {
  const told = cells.filter((cell) => !isBlank(cell));
  if (told.length === 0) return "nothing";
  if (told.every((cell) => isNetwork(cell))) return "a network";
  if (told.every((cell) => isIP(cell) !== 0)) return "an address";
  const names = [
    ["country", "two letters"],
    ["regionIso", "a region's code"],
    ["zone", "a time zone"],
    ["offset", "an offset"],
    ["number", "a number"],
    ["domain", "a domain"],
  ] as const;
  return names.find(([kind]) => told.every((cell) => KINDS[kind]!(cell)))?.[1] ?? "text";
}
