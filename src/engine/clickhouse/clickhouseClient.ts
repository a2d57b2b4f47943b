import { Readable } from "node:stream";
import type { ClickHouseClient, ClickHouseSettings } from "@clickhouse/client";
import { isGeopivotError } from "../../core/errors.js";
import { engineError } from "../errors.js";

/** A query with its values, which are bound by the server. */
export interface BoundQuery {
  readonly sql: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** What a query may take, and how it is ended. */
export interface QueryLimits {
  /** Seconds that the server may work at one query. Default: what the server allows. */
  readonly maxSeconds?: number;
  /** Bytes that one query may take on the server. Default: what the server allows. */
  readonly maxMemoryBytes?: number;
  /** Ends the query with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Talks to a server, or to one in this process, through the one interface that both have. */
export class ClickhouseSession {
  readonly #client: ClickHouseClient;
  readonly #limits: QueryLimits;

  constructor(client: ClickHouseClient, limits: QueryLimits = {}) {
    this.#client = client;
    this.#limits = limits;
  }

  /** The rows of a small answer as objects. Asked again once where the connection broke, which changes nothing. */
  async rows<T>({ sql, params }: BoundQuery): Promise<T[]> {
    return this.#again(async () => {
      const options = { query: sql, query_params: params, format: "JSONEachRow", ...this.#options() } as const;
      const answer = await this.#client.query(options);
      return answer.json<T>();
    });
  }

  /** An answer as the text that the query's own FORMAT says. */
  async text({ sql, params }: BoundQuery): Promise<string> {
    const bytes = await this.#again(() => this.#bytes(sql, params));
    return new TextDecoder().decode(bytes);
  }

  /** A large answer as the bytes of an Arrow stream. Asked again once where the connection broke. */
  async arrow({ sql, params }: BoundQuery): Promise<Uint8Array> {
    return this.#again(() => this.#bytes(`${sql}\nFORMAT ArrowStream`, params, ARROW));
  }

  /** Runs a statement that answers nothing, once: who repeats it must know that it may. */
  async command(sql: string, params: Readonly<Record<string, unknown>> = {}): Promise<void> {
    try {
      await this.#client.command({ query: sql, query_params: { ...params }, ...this.#options() });
    } catch (error) {
      throw this.#told(error);
    }
  }

  /** Appends rows, given as text in the form TabSeparated. */
  async insert(table: string, text: string): Promise<void> {
    try {
      const values = Readable.from([text], { objectMode: false });
      await this.#client.insert({ table, values, format: "TabSeparated", ...this.#options() });
    } catch (error) {
      throw this.#told(error);
    }
  }

  async #bytes(query: string, params: BoundQuery["params"], more?: ClickHouseSettings): Promise<Uint8Array> {
    const { stream } = await this.#client.exec({ query, query_params: { ...params }, ...this.#options(more) });
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  }

  #options(more: ClickHouseSettings = {}) {
    const { maxSeconds, maxMemoryBytes, signal } = this.#limits;
    const settings: ClickHouseSettings = {
      ...more,
      ...(maxSeconds !== undefined && { max_execution_time: maxSeconds }),
      ...(maxMemoryBytes !== undefined && { max_memory_usage: String(maxMemoryBytes) }),
    };
    return { clickhouse_settings: settings, ...(signal && { abort_signal: signal }) };
  }

  async #again<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      const told = this.#told(error);
      if (!isGeopivotError(told, "engine-unreachable") || this.#limits.signal?.aborted) throw told;
    }
    try {
      return await ask();
    } catch (error) {
      throw this.#told(error);
    }
  }

  /** A server's failure by what it means to a caller. */
  #told(error: unknown): unknown {
    if (this.#limits.signal?.aborted) return this.#limits.signal.reason;
    if (isGeopivotError(error)) return error;
    const { code, message, type } = error as { code?: string; message?: string; type?: string };
    const reason = oneLine(message ?? String(error));
    const kind =
      KINDS[type ?? ""] ?? NETWORK[code ?? ""] ?? (/timeout|timed out/i.test(reason) ? "engine-timeout" : undefined);
    return engineError(kind ?? "engine-refused", { reason }, error);
  }
}

type Kind = "engine-timeout" | "engine-memory" | "engine-cancelled" | "engine-denied" | "engine-unreachable";

/** ClickHouse's names of errors. */
const KINDS: Readonly<Record<string, Kind>> = {
  TIMEOUT_EXCEEDED: "engine-timeout",
  SOCKET_TIMEOUT: "engine-timeout",
  TOO_SLOW: "engine-timeout",
  MEMORY_LIMIT_EXCEEDED: "engine-memory",
  CANNOT_ALLOCATE_MEMORY: "engine-memory",
  QUERY_WAS_CANCELLED: "engine-cancelled",
  QUERY_WAS_CANCELLED_BY_CLIENT: "engine-cancelled",
  ABORTED: "engine-cancelled",
  ACCESS_DENIED: "engine-denied",
  READONLY: "engine-denied",
  AUTHENTICATION_FAILED: "engine-denied",
  REQUIRED_PASSWORD: "engine-denied",
  NETWORK_ERROR: "engine-unreachable",
};

/** Node's codes of failures on the way. */
const NETWORK: Readonly<Record<string, Kind>> = {
  ECONNREFUSED: "engine-unreachable",
  ECONNRESET: "engine-unreachable",
  ENOTFOUND: "engine-unreachable",
  EAI_AGAIN: "engine-unreachable",
  EPIPE: "engine-unreachable",
  EHOSTUNREACH: "engine-unreachable",
  ETIMEDOUT: "engine-timeout",
};

/** Arrow as it is read without copies: plain; and without dictionaries, which a stream replaces from block to block. */
const ARROW: ClickHouseSettings = {
  output_format_arrow_compression_method: "none",
  output_format_arrow_low_cardinality_as_dictionary: 0,
  output_format_arrow_string_as_string: 1,
};

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim().slice(0, 500);
