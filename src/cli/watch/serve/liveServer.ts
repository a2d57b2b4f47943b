import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { cliError } from "../../errors.js";
import { fileErrorReason } from "../../output/fileErrorReason.js";
import type { EventHub } from "./eventHub.js";
import { isKnownHost, type ListenAddress } from "./listenAddress.js";

/** What a path is answered with. */
export interface Answer {
  readonly status?: number;
  readonly type: string;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers by path; `/events` is the hub's. */
export type Routes = Readonly<Record<string, () => Answer | Promise<Answer>>>;

export interface LiveServerOptions {
  readonly address: ListenAddress;
  /** Names that Host headers may have besides addresses and this machine, in lower case. */
  readonly names: readonly string[];
  readonly routes: Routes;
  readonly hub: EventHub;
  readonly onError: (error: unknown) => void;
}

const SAFETY = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
};
const SMALL_BYTES = 1_400;

/** A server that only tells: GET and HEAD, of hosts that it knows, and nothing that another site's page could read. */
export class LiveServer {
  readonly #options: LiveServerOptions;
  readonly #server: Server;

  private constructor(options: LiveServerOptions) {
    this.#options = options;
    this.#server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, (request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        options.onError(error);
        response.destroy();
      });
    });
  }

  /** Listens. Throws `cannot-listen`. */
  static async open(options: LiveServerOptions): Promise<LiveServer> {
    const live = new LiveServer(options);
    const { host, port } = options.address;
    await new Promise<void>((resolve, reject) => {
      live.#server.once("error", (error: NodeJS.ErrnoException) => {
        const why = LISTEN_PROBLEMS[error.code ?? ""] ?? fileErrorReason(error) ?? error.message;
        reject(cliError("cannot-listen", { address: `${host}:${port}`, why }, error));
      });
      live.#server.listen(port, host, resolve);
    });
    live.#server.on("error", options.onError);
    return live;
  }

  /** Where it can be reached. */
  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") return "";
    const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
    return `http://${host}:${address.port}/`;
  }

  async close(): Promise<void> {
    this.#options.hub.close();
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { routes, names, hub } = this.#options;
    for (const [name, value] of Object.entries(SAFETY)) response.setHeader(name, value);
    if (!isKnownHost(request.headers.host, names))
      return refuse(response, 421, "This name is not known here: allow it with --allow-host.");
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.setHeader("allow", "GET, HEAD");
      return refuse(response, 405, "Only GET and HEAD.");
    }
    const path = (request.url ?? "/").split("?", 1)[0]!;
    if (path === "/events" && request.method === "GET") {
      const last = request.headers["last-event-id"];
      if (hub.add(response, Array.isArray(last) ? last[0] : last)) return;
      return refuse(response, 503, "Too many listen already.");
    }
    if (!Object.hasOwn(routes, path)) return refuse(response, 404, "There is no such page.");
    await give(request, response, await routes[path]!());
  }
}

const LISTEN_PROBLEMS: Readonly<Record<string, string>> = {
  EADDRINUSE: "the port is taken",
  EADDRNOTAVAIL: "this machine has no such address",
  ENOTFOUND: "there is no such host",
  EACCES: "permission denied",
};

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(`${text}\n`);
}

const gzipped = promisify(gzip);

async function give(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
  const { status = 200, type, headers = {} } = answer;
  const plain = typeof answer.body === "string" ? Buffer.from(answer.body) : answer.body;
  const packs = plain.length > SMALL_BYTES && /\bgzip\b/.test(String(request.headers["accept-encoding"] ?? ""));
  const body = packs ? await gzipped(plain, { level: 3 }) : plain;
  response.writeHead(status, {
    "content-type": type,
    "content-length": body.length,
    vary: "accept-encoding",
    ...(packs && { "content-encoding": "gzip" }),
    ...headers,
  });
  response.end(request.method === "HEAD" ? undefined : body);
}
