import { addressText, NO_ADDRESS } from "../../core/addressColumn.js";
import { hashHigh, hashLow } from "../../core/hash.js";
import { clientAddress } from "../../locate/address/clientAddress.js";
import { addressEnd, endpointEnd } from "../../locate/address/endpoint.js";
import { parseAddressBytes } from "../../locate/address/parseAddress.js";
import type { EventColumns } from "../columns/eventColumns.js";
import { pseudonym } from "../columns/pseudonym.js";
import type { RejectReason } from "../readReport.js";
import { ambiguousDurationMs, unitDurationMs } from "./durations.js";
import { localNumber } from "./localNumbers.js";
import { loggedNetwork, loggedPlace } from "./loggedPlace.js";
import { FIRST_DIMENSION_TARGET, type FieldMapping, isLocatingRole, ROLE } from "./role.js";
import {
  clockBytes,
  type DayOrder,
  decimal,
  isMeridiem,
  type LocalToUtc,
  slashedDay,
  tableTime,
  timeBytes,
} from "./timeBytes.js";

/** A field's meaning with the row that it writes to. */
export interface Field {
  readonly role: number;
  readonly rank: number;
  readonly scale: number;
  /** Index of the dimension; -1 if the field is none. */
  readonly dimension: number;
  /** What it competes for: fields of one target are chosen from by rank. */
  readonly target: number;
}

export interface RowOptions {
  readonly localToUtc?: LocalToUtc | undefined;
  /** Names of the dimensions to keep; all if undefined. */
  readonly dimensions?: readonly string[] | undefined;
  /** When the line that is being read was written: for lines without a time, inside of others. */
  readonly envelope?: { timeMs(): number } | undefined;
  /** Whether a row needs no address. */
  readonly addressless?: boolean | undefined;
  /** Networks of the proxies whose word about their peer is believed. */
  readonly trusted?: readonly string[] | undefined;
}

/**
 * Writes one row of the columns from the bytes of its fields, whatever their order.
 *
 * This is the reference for what a value means; scanners that are faster agree with it.
 */
export class RowWriter {
  readonly columns: EventColumns;
  readonly options: RowOptions;
  /** Whether values are those of a table, as people and spreadsheets write them. */
  isTable = false;
  /** Of days and months in numbers between slashes, where the log tells it. */
  dayOrder: DayOrder | undefined;
  /** The row number, counting rejected rows too, that last had a value of the target. */
  readonly #stamp = new Float64Array(FIRST_DIMENSION_TARGET + 512).fill(-1);
  readonly #rank = new Float64Array(FIRST_DIMENSION_TARGET + 512);
  #row = 0;
  readonly #words = new Uint32Array(4);
  #dayMs = Number.NaN;
  #clockMs = Number.NaN;
  /** The day of a date that is the day only beside a clock of AM and PM (`3/1/2024`), and whether the clock is one. */
  #monthFirstMs = Number.NaN;
  #isTwelveHours = false;
  #endMs = Number.NaN;
  /** Of a field that has the day: the time, and whether there is a time of day in it. */
  #dateMs = Number.NaN;
  #dayHasClock = false;
  /** X-Forwarded-For and Forwarded of the row. */
  readonly #proxies = ["", ""];
  readonly #client = new Uint8Array(64);
  /** What the row's fields tell of its place, by role; the last of those roles that it has, and the hash of its client. */
  readonly #told: string[] = new Array<string>(FIRST_DIMENSION_TARGET).fill("");
  #lastLocating = 0;
  #clientLow = 0;
  #clientHigh = 0;

  constructor(columns: EventColumns, options: RowOptions) {
    this.columns = columns;
    this.options = options;
  }

  /** Binds a meaning to these columns. */
  field(means: FieldMapping): Field {
    const { role, rank, scale } = means;
    if (means.dimension === "" && (role === ROLE.dimension || role === ROLE.path))
      return { role: ROLE.ignored, rank, scale, dimension: -1, target: ROLE.ignored };
    if (means.dimension === "") return { role, rank, scale, dimension: -1, target: TARGET_OF[role] ?? role };
    const dimension = this.columns.dimension(means.dimension);
    if (dimension < 0) return { role: ROLE.ignored, rank, scale, dimension: -1, target: ROLE.ignored };
    return { role, rank, scale, dimension, target: FIRST_DIMENSION_TARGET + dimension };
  }

  /** Starts the row at `columns.length`, which must be clear; makes room for it if there is none. */
  begin(): void {
    if (this.columns.length === this.columns.capacity) this.columns.grow();
    this.#row++;
    this.#lastLocating = 0;
  }

  /** Takes the value in bytes[start, end): the empty string and `-` are absent. */
  assign(field: Field, bytes: Uint8Array, start: number, end: number): void {
    if (field.role === ROLE.ignored || start >= end || (end - start === 1 && bytes[start] === 45)) return;
    if (field.role === ROLE.request) this.#request(field, bytes, start, end);
    else if (field.role === ROLE.latencyPart) this.#latencyPart(field, bytes, start, end);
    else if (this.#admit(field.target, field.rank)) this.set(field, bytes, start, end);
  }

  /** Writes a value whatever the row has already; `request` and `latencyPart` are not for this. */
  set(field: Field, bytes: Uint8Array, start: number, end: number): void {
    const { columns } = this;
    const row = columns.length;
    switch (field.role) {
      case ROLE.time:
        this.#time(bytes, start, end);
        break;
      case ROLE.address:
        this.address(bytes, start, end);
        break;
      case ROLE.endpoint:
        this.address(bytes, start, endpointEnd(bytes, start, end));
        break;
      case ROLE.status:
        columns.status[row] = statusOf(bytes, start, end);
        break;
      case ROLE.latency:
        columns.latencyMs[row] = durationMs(bytes, start, end, field.scale);
        break;
      case ROLE.latencyByValue: {
        const value = decimal(bytes, start, end);
        columns.latencyMs[row] = Number.isNaN(value)
          ? durationMs(bytes, start, end, 1)
          : nonNegative(ambiguousDurationMs(value));
        break;
      }
      case ROLE.latencyWithUnit:
        columns.latencyMs[row] = nonNegative(unitDurationMs(bytes, start, end));
        break;
      case ROLE.latencyOrNone: {
        const duration = durationMs(bytes, start, end, field.scale);
        columns.latencyMs[row] = duration > 0 ? duration : Number.NaN;
        break;
      }
      case ROLE.date:
        this.#date(bytes, start, end);
        break;
      case ROLE.clock:
        this.#clock(bytes, start, end);
        break;
      case ROLE.endTime:
        this.#endMs = timeBytes(bytes, start, end, this.options.localToUtc);
        break;
      case ROLE.forwardedFor:
      case ROLE.forwarded:
        this.#proxies[field.role - ROLE.forwardedFor] = decoder.decode(bytes.subarray(start, end));
        break;
      case ROLE.bytes:
        columns.bytes[row] = sizeOf(bytes, start, end);
        break;
      case ROLE.weight:
        columns.setWeight(weightOfRate(decimal(bytes, start, end)));
        break;
      case ROLE.count:
        columns.setWeight(decimal(bytes, start, end));
        break;
      case ROLE.user:
        columns.setUser(bytes, start, end);
        break;
      case ROLE.client:
        this.#clientLow = hashLow(bytes, start, end);
        this.#clientHigh = hashHigh(bytes, start, end);
        this.#lastLocating = field.role;
        break;
      case ROLE.dimension:
        this.#dimension(field.dimension, bytes, start, end);
        break;
      case ROLE.path:
        this.#path(field.dimension, bytes, start, end);
        break;
      default:
        if (!isLocatingRole(field.role)) break;
        this.#told[field.role] = decoder.decode(bytes.subarray(start, Math.min(end, start + MAX_NAME_BYTES))).trim();
        this.#lastLocating = field.role;
    }
  }

  /** The dimension of a part of the request line; -1 if it is not wanted. */
  requestPart(name: "method" | "path"): number {
    const { dimensions } = this.options;
    const isWanted =
      dimensions === undefined || dimensions.includes(name) || (name === "path" && dimensions.includes("route"));
    return isWanted ? this.columns.dimension(name) : -1;
  }

  /** Ends the row: counts it in if it is an event, or clears it and tells why it is none. */
  end(): RejectReason | undefined {
    const { columns } = this;
    if (this.#has(ROLE.date)) this.#joinDate();
    if (this.#has(ROLE.forwardedFor) || this.#has(ROLE.forwarded)) this.#seeThroughProxies();
    if (this.#has(ROLE.endTime) && !this.#has(ROLE.latency))
      columns.latencyMs[columns.length] = nonNegative(this.#endMs - columns.timeMs[columns.length]!);
    const { envelope } = this.options;
    if (isLocatingRole(this.#lastLocating)) this.#locate();
    if (envelope !== undefined && Number.isNaN(columns.timeMs[columns.length]!) && !this.#has(ROLE.time))
      columns.timeMs[columns.length] = envelope.timeMs();
    const reason = this.#judge();
    if (reason === undefined) columns.length++;
    else columns.clearRow();
    return reason;
  }

  #judge(): RejectReason | undefined {
    const { columns } = this;
    const row = columns.length;
    if (Number.isNaN(columns.timeMs[row]!)) return this.#has(ROLE.time) ? "bad-time" : "no-time";
    const isTold = columns.told !== undefined && columns.told[row] !== 0;
    if (columns.family[row] === 0 && !isTold && this.options.addressless !== true)
      return this.#has(ROLE.address) ? "bad-address" : "no-address";
    return undefined;
  }

  /** Takes the place that the row tells itself, and its client where no address tells it. */
  #locate(): void {
    const { columns } = this;
    const text = (role: number): string => (this.#has(role) ? this.#told[role]! : "");
    if (columns.takesPlaces) {
      let key = "";
      for (let role: number = ROLE.country; role < ROLE.client; role++) key += `${text(role)}\0`;
      if (key.length > ROLE.client - ROLE.country) {
        const code = columns.logged.code(key, () => ({ place: loggedPlace(text), network: loggedNetwork(text) }));
        columns.setTold(code);
      }
    }
    const isNamed = this.#has(ROLE.client) && columns.family[columns.length] === NO_ADDRESS && !this.#has(ROLE.address);
    if (isNamed) columns.setIpv6(...pseudonym(this.#clientLow, this.#clientHigh));
  }

  /** A time; or a time of day, where a field of its own has the day. */
  #time(bytes: Uint8Array, start: number, end: number): void {
    const { columns } = this;
    const timeMs = this.#timeOf(bytes, start, end, this.options.localToUtc);
    columns.timeMs[columns.length] = timeMs;
    if (!Number.isNaN(timeMs)) return;
    this.#clock(bytes, start, end);
    if (!Number.isNaN(this.#clockMs)) this.#admit(ROLE.clock, 0);
  }

  #timeOf(bytes: Uint8Array, start: number, end: number, localToUtc?: LocalToUtc): number {
    return (this.isTable ? tableTime : timeBytes)(bytes, start, end, localToUtc, this.dayOrder);
  }

  #clock(bytes: Uint8Array, start: number, end: number): void {
    this.#clockMs = clockBytes(bytes, start, end);
    this.#isTwelveHours = isMeridiem(bytes, start, end);
  }

  /** A day; or a time with the day, where there is no other. */
  #date(bytes: Uint8Array, start: number, end: number): void {
    const order = this.dayOrder;
    this.#dayMs = this.#timeOf(bytes, start, end);
    this.#monthFirstMs =
      Number.isNaN(this.#dayMs) && order === undefined ? slashedDay(bytes, start, end, "month-first") : Number.NaN;
    this.#dateMs = end - start > DAY_BYTES ? this.#timeOf(bytes, start, end, this.options.localToUtc) : this.#dayMs;
    this.#dayHasClock = end - start > DAY_BYTES;
  }

  /** Makes the time of day and clock, where no field has it whole. */
  #joinDate(): void {
    const { columns } = this;
    const { localToUtc } = this.options;
    if (!Number.isNaN(columns.timeMs[columns.length]!)) return;
    if (this.#dayHasClock || !this.#has(ROLE.clock)) {
      columns.timeMs[columns.length] = this.#has(ROLE.time) && !this.#dayHasClock ? Number.NaN : this.#dateMs;
      this.#admit(ROLE.time, 0);
      return;
    }
    const dayMs = this.#isTwelveHours && Number.isNaN(this.#dayMs) ? this.#monthFirstMs : this.#dayMs;
    const wall = dayMs + this.#clockMs;
    columns.timeMs[columns.length] = localToUtc === undefined || Number.isNaN(wall) ? wall : localToUtc(wall);
    this.#admit(ROLE.time, 0);
  }

  /**
   * Replaces the address by the client's where the peer is a trusted proxy. A log that holds no peer but only what its
   * proxy sent on has the peer's address last in there.
   */
  #seeThroughProxies(): void {
    const { trusted } = this.options;
    this.columns.forwarded++;
    const forwardedFor = this.#has(ROLE.forwardedFor) ? this.#proxies[0] : undefined;
    const forwarded = this.#has(ROLE.forwarded) ? this.#proxies[1] : undefined;
    const known = this.columns.family[this.columns.length] !== NO_ADDRESS;
    if (known && trusted === undefined) return;
    const hops = forwardedFor?.split(",") ?? [];
    const peer = known ? this.#peerText() : hops.pop()?.trim();
    if (peer === undefined || peer === "") return;
    const heard = known ? forwardedFor : hops.join(",");
    const client = clientAddress({ peer, forwardedFor: heard, forwarded, trusted }) ?? peer;
    const length = encoder.encodeInto(client, this.#client).written;
    this.#admit(ROLE.address, 0);
    this.address(this.#client, 0, length);
  }

  #peerText(): string {
    const { family, address, words, length } = this.columns;
    return addressText({ length: length + 1, family, value: address, words }, length);
  }

  #latencyPart(field: Field, bytes: Uint8Array, start: number, end: number): void {
    const { latencyMs, length } = this.columns;
    const part = durationMs(bytes, start, end, field.scale);
    latencyMs[length] = this.#has(field.target) ? latencyMs[length]! + part : part;
    this.#admit(field.target, field.rank);
  }

  #has(target: number): boolean {
    return this.#stamp[target] === this.#row;
  }

  /** Whether a value of this rank is believed over what the row has of the target. */
  #admit(target: number, rank: number): boolean {
    if (this.#stamp[target] === this.#row && this.#rank[target]! < rank) return false;
    this.#stamp[target] = this.#row;
    this.#rank[target] = rank;
    return true;
  }

  /** Sets the row's address, or none if the bytes are no address; tells whether they are one. */
  address(bytes: Uint8Array, start: number, end: number): boolean {
    const words = this.#words;
    let family = parseAddressBytes(bytes, start, end, words);
    if (family === 0) family = parseAddressBytes(bytes, start, addressEnd(bytes, start, end), words);
    this.columns.family[this.columns.length] = NO_ADDRESS;
    if (family === 4) this.columns.setIpv4(words[3]!);
    else if (family === 6) this.columns.setIpv6(words[0]!, words[1]!, words[2]!, words[3]!);
    return family !== 0;
  }

  #dimension(dimension: number, bytes: Uint8Array, start: number, end: number): void {
    this.columns.setAnyValue(dimension, bytes, start, end);
  }

  #path(dimension: number, bytes: Uint8Array, start: number, end: number): void {
    const from = pathStart(bytes, start, end);
    const to = pathEnd(bytes, from, end);
    if (from < to) this.#dimension(dimension, bytes, from, to);
    else this.columns.dimensions[dimension]!.codes[this.columns.length] = 0;
  }

  /** `GET /path HTTP/1.1`; anything else in its place (a TLS handshake, nothing) leaves method and path absent. */
  #request(field: Field, bytes: Uint8Array, start: number, end: number): void {
    let space = start;
    while (space < end && bytes[space]! >= 65 && bytes[space]! <= 90) space++;
    if (space === start || space - start > 20 || bytes[space] !== 32) return;
    let target = space + 1;
    while (target < end && bytes[target]! > 32) target++;
    this.#part("method", field.rank, bytes, start, space);
    this.#part("path", field.rank, bytes, space + 1, target);
  }

  #part(name: "method" | "path", rank: number, bytes: Uint8Array, start: number, end: number): void {
    const dimension = this.requestPart(name);
    const taken = dimension >= 0 && this.columns.dimensions[dimension]!.codes[this.columns.length] !== 0;
    if (taken || dimension < 0 || start === end || !this.#admit(FIRST_DIMENSION_TARGET + dimension, rank)) return;
    if (name === "method") this.#dimension(dimension, bytes, start, end);
    else this.#path(dimension, bytes, start, end);
  }
}

const TARGET_OF: Readonly<Record<number, number>> = {
  [ROLE.endpoint]: ROLE.address,
  [ROLE.latencyByValue]: ROLE.latency,
  [ROLE.latencyWithUnit]: ROLE.latency,
  [ROLE.latencyPart]: ROLE.latency,
  [ROLE.latencyOrNone]: ROLE.latency,
  [ROLE.count]: ROLE.weight,
};
/** `2024-01-15`, `15/Jan/2024`: what is longer has a time of day. */
const DAY_BYTES = 11;
/** Longer is no name of a place. */
const MAX_NAME_BYTES = 512;
const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Where the path of a request target begins: behind scheme and host of `https://host:443/path`. */
export function pathStart(bytes: Uint8Array, start: number, end: number): number {
  if (bytes[start] === 47) return start;
  for (let i = start; i < end && i < start + 10; i++) {
    if (bytes[i] !== 58) continue;
    if (bytes[i + 1] !== 47 || bytes[i + 2] !== 47) return start;
    let at = i + 3;
    while (at < end && bytes[at] !== 47 && bytes[at] !== 63) at++;
    return at;
  }
  return start;
}

/** Where the path that begins at `start` ends: at its query or fragment. */
export function pathEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] !== 63 && bytes[at] !== 35) at++;
  return at;
}

/** A status from 100 to 599 (or what a vendor adds up to 999) of three digits; 0 for everything else. */
export function statusOf(bytes: Uint8Array, start: number, end: number): number {
  const value = end - start <= 6 ? decimal(bytes, start, end) : 0;
  return value >= 100 && value <= 999 && Number.isInteger(value) ? value : 0;
}

/** Milliseconds of `83.1` in the given unit, or of a number with its own units: `0.005s`, `12ms`, `3µs`, `1m2.5s`. */
export function durationMs(bytes: Uint8Array, start: number, end: number, scale: number): number {
  const last = bytes[end - 1]!;
  if (last >= 48 && last <= 57) return nonNegative(decimal(bytes, start, end) * scale);
  return nonNegative(unitDurationMs(bytes, start, end));
}

/** Bytes, with thousands apart (`1,234`) or not. */
function sizeOf(bytes: Uint8Array, start: number, end: number): number {
  const value = decimal(bytes, start, end);
  if (!Number.isNaN(value) || end - start > 32) return nonNegative(value);
  return nonNegative(localNumber(decoder.decode(bytes.subarray(start, end)), false, true));
}

/** How many requests a row stands for that was kept at a rate: 10 is one in ten, and so is 0.1, a share of all. */
function weightOfRate(rate: number): number {
  return rate > 0 && rate < 1 ? 1 / rate : rate;
}

function nonNegative(value: number): number {
  return value >= 0 && value < Number.POSITIVE_INFINITY ? value : Number.NaN;
}
