import { addressText } from "../../core/addressColumn.js";
import type { Events } from "../../core/events.js";
import { nameText } from "../../core/nameColumn.js";
import type { Finding, FindingRegion } from "../../detect/finding.js";
import { cellResolution } from "../../grid/cellParent.js";
import { cellHalves } from "../../grid/cellText.js";
import { latLngsToCells } from "../../grid/latLngsToCells.js";

/** Tells which rows of events are behind a finding. */
export type EventFilter = (events: Events, row: number) => boolean;

/**
 * The events behind a finding: those of its time, its places and its slice; of suspicious traffic, those of its users and
 * addresses instead of its places, where it names any.
 *
 * Events must have places of the database that the finding was made with.
 */
export function findingEvents(finding: Finding): EventFilter {
  const { startMs, dimensions, kind } = finding;
  const endMs = finding.endMs ?? Number.POSITIVE_INFINITY;
  const users = new Set(finding.users);
  const ips = new Set(finding.ips);
  // The last event of a chain of log-ins is its end; a bucket ends before the next begins.
  const isChain = kind === "suspicious-traffic";
  const isNamed = isChain && users.size + ips.size > 0;
  const isWithin = placeFilter(finding.region);
  const slice = Object.entries(dimensions);
  return (events, row) => {
    const timeMs = events.timeMs[row]!;
    if (timeMs < startMs || (isChain ? timeMs > endMs : timeMs >= endMs)) return false;
    if (!slice.every(([name, value]) => sliceValue(events, name, row) === value)) return false;
    if (!isNamed) return isWithin(events, row);
    return users.has(nameText(events.user, row)) || ips.has(addressText(events.client, row));
  };
}

function sliceValue(events: Events, name: string, row: number): string {
  const column = events.dimensions.get(name);
  return column === undefined ? "" : column.dictionary.value(column.codes[row]!);
}

/** Whether a row's place lies in a region: in one of its cells where it has any, else in its cities or countries. */
function placeFilter(region: FindingRegion): EventFilter {
  const cells = new Set(region.cells.map((cell) => BigInt(`0x${cell}`)));
  const countries = new Set(region.countries);
  const cities = new Set(region.cities);
  if (cells.size === 0 && countries.size === 0) return () => true;
  const resolution = cells.size === 0 ? 0 : cellResolution(cellHalves(region.cells[0]!)[1]);
  const known = new Map<number, boolean>();
  const judge = (events: Events, id: number): boolean => {
    const place = events.places.at(id);
    if (place === null) return false;
    if (cells.size > 0 && !Number.isNaN(place.lat))
      return cells.has(latLngsToCells(Float64Array.of(place.lat), Float64Array.of(place.lon), resolution)[0]!);
    return countries.has(place.country) && (cities.size === 0 || cities.has(place.city));
  };
  return (events, row) => {
    const id = events.place[row]!;
    let within = known.get(id);
    if (within === undefined) known.set(id, (within = judge(events, id)));
    return within;
  };
}
