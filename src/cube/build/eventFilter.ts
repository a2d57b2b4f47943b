import { IPV4, IPV6 } from "../../core/addressColumn.js";
import type { Dictionary } from "../../core/dictionary.js";
import type { Events } from "../../core/events.js";
import { nameText } from "../../core/nameColumn.js";
import { countryCode } from "../../grid/countries.js";
import { parseNetwork } from "../../locate/address/parseNetwork.js";
import { cubeError } from "../errors.js";

/** Which requests are counted: those that meet all conditions of `where`, and none of `exclude`. */
export interface EventFilterOptions {
  /** Conditions as `path=/api/*`, `user=anna|bob`, `agent=*Googlebot*`, `network=AS3320|office|10.0.0.0/8`, `country!=DE`. */
  readonly where?: readonly string[];
  readonly exclude?: readonly string[];
}

type RowTest = (row: number) => boolean;
/** A condition, made for one batch. */
type Condition = (events: Events) => RowTest;

/** A condition, and whether the log has what it is about. */
interface Watched {
  readonly text: string;
  readonly test: Condition;
  /** The dimension that it is about; undefined for what every log has. */
  readonly dimension: string | undefined;
  seen: boolean;
  met: boolean;
}

/** Picks the rows of batches that are to be counted. Values may hold `*` for anything; several are parted by `|`. */
export class EventFilter {
  readonly #where: readonly Watched[];
  readonly #exclude: readonly Watched[];

  /** Throws `bad-filter`. */
  constructor({ where = [], exclude = [] }: EventFilterOptions) {
    this.#where = where.map(watched);
    this.#exclude = exclude.map(watched);
  }

  /** The rows to count; undefined where all are. */
  rows(events: Events): Uint32Array | undefined {
    const needed = this.#where.map((condition) => testOfBatch(condition, events));
    const unwanted = this.#exclude.map((condition) => testOfBatch(condition, events));
    const rows = new Uint32Array(events.length);
    let kept = 0;
    for (let row = 0; row < events.length; row++)
      if (needed.every((test) => test(row)) && !unwanted.some((test) => test(row))) rows[kept++] = row;
    return kept === events.length ? undefined : rows.subarray(0, kept);
  }

  /**
   * Refuses what turned out, when all was read, to be no question to this log. Throws `no-such-field` for a condition on what
   * no event has, and `nothing-left` for one that none meets.
   */
  check(): void {
    for (const { text, seen } of [...this.#where, ...this.#exclude])
      if (!seen) throw cubeError("no-such-field", { text, name: nameOf(text) });
    for (const { text, met } of this.#where) if (!met) throw cubeError("nothing-left", { text });
  }
}

function watched(text: string): Watched {
  const test = conditionOf(text);
  const dimension = filterDimension(text);
  return { text, test, dimension, seen: dimension === undefined, met: false };
}

function testOfBatch(condition: Watched, events: Events): RowTest {
  const { test, dimension } = condition;
  if (dimension !== undefined) condition.seen ||= (events.dimensions.get(dimension)?.dictionary.size ?? 0) > 1;
  const meets = test(events);
  if (condition.met) return meets;
  return (row) => {
    const answer = meets(row);
    condition.met ||= answer;
    return answer;
  };
}

/** The dimension that a condition is about; undefined for what is no dimension. */
export function filterDimension(text: string): string | undefined {
  const name = nameOf(text);
  if (["user", "ip", "network", "country", "region", "city"].includes(name)) return undefined;
  return name === "agent" ? "user_agent" : name;
}

const nameOf = (text: string): string => text.slice(0, Math.max(0, text.search(/!?=/)));

function conditionOf(text: string): Condition {
  const match = /^([^=!|]+)(!?)=(.+)$/s.exec(text);
  if (match === null) throw cubeError("bad-filter", { text, want: "name=value, name=value|value or name!=value" });
  const [, name = "", not = "", list = ""] = match;
  const values = list.split("|");
  const test = testOf(name, values);
  if (not === "") return test;
  return (events) => {
    const of = test(events);
    return (row) => !of(row);
  };
}

function testOf(name: string, values: readonly string[]): Condition {
  const matches = globTest(values);
  if (name === "user") return byHash(matches);
  if (name === "ip") return byAddress(values);
  if (name === "network") return byNetwork(values, matches);
  if (name === "country") return byPlace(name, globTest(values.map((value) => countryCode(value) ?? value)));
  if (name === "region" || name === "city") return byPlace(name, matches);
  const isPath = name === "path";
  const known = new WeakMap<Dictionary, (boolean | undefined)[]>();
  return (events) => {
    const column = events.dimensions.get(name === "agent" ? "user_agent" : name);
    if (column === undefined) return () => matches("");
    const answers = known.get(column.dictionary) ?? [];
    known.set(column.dictionary, answers);
    return (row) => {
      const code = column.codes[row]!;
      const value = column.dictionary.value(code);
      return (answers[code] ??= matches(value) || (isPath && matches(value.replace(/[?#].*$/s, ""))));
    };
  };
}

function byHash(matches: (text: string) => boolean): Condition {
  const known = new Map<number, boolean>();
  return (events) => (row) => {
    const key = events.user.high[row]! * 2_097_152 + (events.user.low[row]! >>> 11);
    let answer = known.get(key);
    if (answer === undefined) {
      if (known.size > 1_000_000) known.clear();
      known.set(key, (answer = matches(nameText(events.user, row))));
    }
    return answer;
  };
}

function byPlace(name: "country" | "region" | "city", matches: (text: string) => boolean): Condition {
  return (events) => {
    const { places } = events;
    const [codes, names] = {
      country: [places.country, places.countries] as const,
      region: [places.region, places.regions] as const,
      city: [places.city, places.cities] as const,
    }[name];
    const answers: (boolean | undefined)[] = [];
    return (row) => {
      const code = codes[events.place[row]!]!;
      return (answers[code] ??= matches(names.value(code)));
    };
  };
}

/** Networks by CIDR, or by number (AS3320), organization, name or tag of the network's record. */
function byNetwork(values: readonly string[], matches: (text: string) => boolean): Condition {
  const inside = byAddress(values.filter((value) => /^[\da-f.:]+\/\d+$/i.test(value)));
  return (events) => {
    const answers: (boolean | undefined)[] = [];
    const inNetwork = inside(events);
    return (row) => {
      const id = events.network[row]!;
      const byRecord = (answers[id] ??= id > 0 && namesOf(events, id).some(matches));
      return byRecord || inNetwork(row);
    };
  };
}

function namesOf(events: Events, id: number): string[] {
  const { asn, organization, name, tags } = events.networks.at(id)!;
  return [`AS${asn}`, organization, name, ...tags].filter((text) => text !== "");
}

function byAddress(values: readonly string[]): Condition {
  const prefixes = values.map((value) => parseNetwork(value));
  const four = prefixes.filter((p) => p.family === 4).map((p) => [Number(p.first), Number(p.last)] as const);
  const six = prefixes.filter((p) => p.family === 6);
  return ({ client }) =>
    (row) => {
      const value = client.value[row]!;
      if (client.family[row] === IPV4) return four.some(([first, last]) => value >= first && value <= last);
      if (client.family[row] !== IPV6 || six.length === 0) return false;
      let address = 0n;
      for (let k = 0; k < 4; k++) address = (address << 32n) | BigInt(client.words[4 * value + k]!);
      return six.some(({ first, last }) => address >= first && address <= last);
    };
}

/** Whether a text is one of some values, of which `*` is anything. */
function globTest(values: readonly string[]): (text: string) => boolean {
  const exact = new Set(values.filter((value) => !value.includes("*")));
  const globs = values
    .filter((value) => value.includes("*"))
    .map((value) => new RegExp(`^${value.split("*").map(escaped).join(".*")}$`, "s"));
  return (text) => exact.has(text) || globs.some((glob) => glob.test(text));
}

const escaped = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
