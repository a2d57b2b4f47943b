import { ipv6Text } from "../../core/addressColumn.js";
import { clientAddress } from "../../locate/address/clientAddress.js";
import { addressEnd, endpointEnd } from "../../locate/address/endpoint.js";
import { parseAddressBytes } from "../../locate/address/parseAddress.js";
import { ODD_SEPARATOR } from "../sql/addressSql.js";
import { staged } from "../sql/eventSql.js";
import { locateStages } from "../sql/locateSql.js";
import type { ClickhouseSession } from "./clickhouseClient.js";

/** A client that only the library could read, located by the server. */
export interface OddClient {
  readonly words: readonly [number, number, number, number];
  /** Ids of the cluster. */
  readonly place: number;
  readonly network: number;
}

/** Addresses that are asked for at a time. */
const ADDRESSES_A_QUERY = 1000;

/** Reads the texts that a server could not, as logs are read, and has the server locate what are addresses. */
export class OddClients {
  readonly #session: ClickhouseSession;
  readonly #database: string;
  readonly #trusted: readonly string[] | undefined;
  readonly #isEndpoint: boolean;
  /** Null for texts that are no address. */
  readonly #known = new Map<string, OddClient | null>();

  constructor(
    session: ClickhouseSession,
    options: {
      readonly database: string;
      readonly trusted?: readonly string[] | undefined;
      readonly isEndpoint: boolean;
    },
  ) {
    this.#session = session;
    this.#database = options.database;
    this.#trusted = options.trusted;
    this.#isEndpoint = options.isEndpoint;
  }

  /** The clients of texts; those that are none are not in it. */
  async read(texts: readonly string[]): Promise<ReadonlyMap<string, OddClient>> {
    const fresh = texts.filter((text) => text !== "" && !this.#known.has(text));
    const parsed = fresh.map((text) => this.#parse(text));
    for (let at = 0; at < fresh.length; at += ADDRESSES_A_QUERY) await this.#locate(fresh, parsed, at);
    const found = new Map<string, OddClient>();
    for (const text of texts) {
      const client = this.#known.get(text);
      if (client) found.set(text, client);
    }
    return found;
  }

  async #locate(texts: readonly string[], parsed: readonly (Uint32Array | null)[], from: number): Promise<void> {
    const to = Math.min(texts.length, from + ADDRESSES_A_QUERY);
    const addresses = parsed.slice(from, to).flatMap((words) => (words ? [textOf(words)] : []));
    const listed = "(SELECT arrayJoin({addresses:Array(String)}) AS text, toIPv6(text) AS client)";
    const sql = staged(listed, locateStages(this.#database));
    const rows =
      addresses.length === 0
        ? []
        : await this.#session.rows<{ text: string; place_id: number; network_id: number }>({
            sql: `SELECT text, place_id, network_id FROM (${sql})`,
            params: { addresses: [...new Set(addresses)] },
          });
    const byText = new Map(rows.map((row) => [row.text, row]));
    for (let i = from; i < to; i++) {
      const words = parsed[i]!;
      const row = words && byText.get(textOf(words));
      const ids = { place: row?.place_id ?? 0, network: row?.network_id ?? 0 };
      this.#known.set(texts[i]!, words ? { words: [words[0]!, words[1]!, words[2]!, words[3]!], ...ids } : null);
    }
  }

  /** The address of a text as `RowWriter` reads it; null if it is none. */
  #parse(text: string): Uint32Array | null {
    const [peer = "", forwardedFor = "", forwarded = ""] = text.split(ODD_SEPARATOR);
    const bytes = encoder.encode(peer);
    const own = this.#isEndpoint
      ? parsedBytes(bytes, endpointEnd(bytes, 0, bytes.length))
      : parsedBytes(bytes, bytes.length);
    if (!text.includes(ODD_SEPARATOR)) return own;
    if (own !== null && this.#trusted === undefined) return own;
    const hops = forwardedFor.split(",");
    const isKnown = own !== null;
    const from = isKnown ? textOf(own) : hops.pop()?.trim();
    if (from === undefined || from === "") return own;
    const heard = isKnown ? forwardedFor : hops.join(",");
    const headers = { ...(forwardedFor !== "" && { forwardedFor: heard }), ...(forwarded !== "" && { forwarded }) };
    const client = clientAddress({ peer: from, ...headers, trusted: this.#trusted }) ?? from;
    const clientBytes = encoder.encode(client);
    return parsedBytes(clientBytes, clientBytes.length);
  }
}

function parsedBytes(bytes: Uint8Array, end: number): Uint32Array | null {
  const words = new Uint32Array(4);
  const isAddress =
    parseAddressBytes(bytes, 0, end, words) !== 0 ||
    parseAddressBytes(bytes, 0, addressEnd(bytes, 0, end), words) !== 0;
  return isAddress ? words : null;
}

const textOf = (words: Uint32Array): string => ipv6Text(words[0]!, words[1]!, words[2]!, words[3]!);
const encoder = new TextEncoder();
