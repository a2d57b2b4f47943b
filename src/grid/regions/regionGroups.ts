import { cellToParent, getResolution, latLngToCell } from "h3-js";
import type { Place } from "../../core/places.js";
import { parseAddress } from "../../locate/address/parseAddress.js";
import { gridError } from "../errors.js";
import { type Circle, CircleIndex } from "./circleIndex.js";
import { type GroupMember, type ReadMember, readMember } from "./groupMember.js";
import { NetworkGroups, type NetworkRange } from "./networkGroups.js";
import type { RegionPlaces } from "./regionTree.js";
import type { Shape } from "./shapeEdges.js";
import { ShapeIndex } from "./shapeIndex.js";

/** Groups by name, each a list of what it holds. */
export type GroupDefinitions = Readonly<Record<string, readonly GroupMember[]>>;

/** What of a place decides its groups. */
export type GroupedPlace = Pick<Place, "country" | "region" | "regionCode" | "lat" | "lon">;

/** The columns of `PlaceTable`, or of a cube's places, that decide groups. */
export type GroupedPlaces = Omit<RegionPlaces, "cities" | "city">;

/** Groups of many places, flat: those of row i are `groups[offsets[i]]` up to `groups[offsets[i + 1]]`. */
export interface GroupLists {
  /** Length: places + 1. */
  readonly offsets: Uint32Array;
  /** Ids of groups, ascending within each place. */
  readonly groups: Uint32Array;
}

/**
 * A user's own regions ("DACH", "sales-west"): lists of countries, subdivisions, networks, cells, circles, polygons and
 * other groups. A place or an address may be in several; a group's id is its row in `names`.
 */
export class RegionGroups {
  /** In the order of their definition. */
  readonly names: readonly string[];
  readonly #byKey = new Map<string, number[]>();
  readonly #cellResolutions: readonly number[];
  readonly #circles: CircleIndex;
  readonly #circleGroup: readonly number[];
  readonly #shapes: ShapeIndex;
  readonly #shapeGroup: readonly number[];
  readonly #networks: NetworkGroups;

  /** Throws `bad-group` where a member cannot be understood, or a group holds itself; `bad-geojson` for a bad polygon. */
  constructor(definitions: GroupDefinitions) {
    this.names = Object.keys(definitions);
    const members = this.names.flatMap((name, group) =>
      flattenGroup(definitions, name).map((member) => ({ ...member, group })),
    );
    const resolutions = new Set<number>();
    const circles: { circle: Circle; group: number }[] = [];
    const shapes: { shape: Shape; group: number }[] = [];
    const networks: NetworkRange[] = [];
    for (const member of members) {
      if (member.kind === "circle") circles.push(member);
      else if (member.kind === "shape") shapes.push(member);
      else if (member.kind === "network") networks.push(member);
      else {
        if (member.kind === "cell") resolutions.add(getResolution(member.key));
        const key = `${member.kind} ${member.key}`;
        this.#byKey.set(key, [...(this.#byKey.get(key) ?? []), member.group]);
      }
    }
    this.#cellResolutions = [...resolutions];
    this.#circles = new CircleIndex(circles.map(({ circle }) => circle));
    this.#circleGroup = circles.map(({ group }) => group);
    this.#shapes = new ShapeIndex(
      shapes.map(({ shape }) => shape),
      shapes.length === 0 ? 90 : 0.5,
    );
    this.#shapeGroup = shapes.map(({ group }) => group);
    this.#networks = new NetworkGroups(networks);
  }

  /** Ids, ascending, of the groups that a place is in, by its codes or its coordinates. */
  ofPlace(place: GroupedPlace): number[] {
    const { country, region, regionCode, lat, lon } = place;
    const keys = [`country ${country}`, `subdivision ${regionCode}`, `region ${country}/${region}`];
    if (Math.abs(lat) <= 90 && Number.isFinite(lon)) {
      for (const resolution of this.#cellResolutions) keys.push(`cell ${latLngToCell(lat, lon, resolution)}`);
    }
    return distinct([
      ...this.#ofKeys(keys),
      ...this.#circles.findAll(lat, lon).map((row) => this.#circleGroup[row]!),
      ...this.#shapes.findAll(lat, lon).map((row) => this.#shapeGroup[row]!),
    ]);
  }

  /** {@link ofPlace} for every row of a table. */
  ofPlaces(places: GroupedPlaces): GroupLists {
    const offsets = new Uint32Array(places.length + 1);
    const groups: number[] = [];
    for (let row = 0; row < places.length; row++) {
      const place = {
        country: places.countries.value(places.country[row]!),
        region: places.regions.value(places.region[row]!),
        regionCode: places.regionCodes.value(places.regionCode[row]!),
        lat: places.lat[row]!,
        lon: places.lon[row]!,
      };
      groups.push(...this.ofPlace(place));
      offsets[row + 1] = groups.length;
    }
    return { offsets, groups: Uint32Array.from(groups) };
  }

  /** Ids, ascending, of the groups that hold a cell, or a coarser cell around it. Throws h3-js's error for what is no cell. */
  ofCell(cell: string): number[] {
    const own = getResolution(cell);
    const coarser = this.#cellResolutions.filter((resolution) => resolution <= own);
    return distinct(this.#ofKeys(coarser.map((resolution) => `cell ${cellToParent(cell, resolution)}`)));
  }

  /** Ids, ascending, of the groups that hold an address; none for text that is no address. */
  ofAddress(address: string): number[] {
    const words = new Uint32Array(4);
    const family = parseAddress(address, words);
    if (family === 0) return [];
    const value = family === 4 ? BigInt(words[3]!) : words.reduce((sum, word) => (sum << 32n) | BigInt(word), 0n);
    return distinct(this.#networks.findAll(family, value));
  }

  #ofKeys(keys: readonly string[]): number[] {
    return keys.flatMap((key) => this.#byKey.get(key) ?? []);
  }
}

/** A group's members, those of the groups that it holds among them. */
export function flattenGroup(
  definitions: GroupDefinitions,
  name: string,
  within: readonly string[] = [],
): ReadMember[] {
  const members = Object.hasOwn(definitions, name) ? definitions[name]! : undefined;
  const refuse = (reason: string): Error => gridError("bad-group", { group: within[0] ?? name, member: name, reason });
  if (!Array.isArray(members)) throw refuse("no group has this name");
  if (within.includes(name)) throw refuse(`it holds itself: ${[...within, name].join(" > ")}`);
  return members.flatMap((member) =>
    readMember(name, member).flatMap((read) =>
      read.kind === "group" ? flattenGroup(definitions, read.key, [...within, name]) : [read],
    ),
  );
}

function distinct(ids: readonly number[]): number[] {
  return [...new Set(ids)].sort((a, b) => a - b);
}
