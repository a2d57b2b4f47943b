import type { ServerResponse } from "node:http";

/** Events that are kept for those who come back. */
const MOST_KEPT = 1_000;
const MOST_CLIENTS = 200;
/** A client that leaves so much unread is let go of: it comes back and asks for what it missed. */
const MOST_UNREAD_BYTES = 1 << 20;
const HEARTBEAT_MS = 15_000;

/** Server-sent events to any number of browsers; one that comes back is told what it missed. */
export class EventHub {
  readonly #clients = new Set<ServerResponse>();
  readonly #kept: { readonly id: number; readonly text: string }[] = [];
  readonly #heartbeat: NodeJS.Timeout;
  /** Ids go on rising over restarts, so that a browser's last one is never from the future. */
  #lastId: number;

  constructor(firstId: number) {
    this.#lastId = firstId;
    this.#heartbeat = setInterval(() => this.#toAll(":\n\n"), HEARTBEAT_MS).unref();
  }

  get clients(): number {
    return this.#clients.size;
  }

  /** Tells all. The data is JSON, on one line. */
  send(event: string, data: unknown): void {
    const id = ++this.#lastId;
    const text = `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
    this.#kept.push({ id, text });
    if (this.#kept.length > MOST_KEPT) this.#kept.shift();
    this.#toAll(text);
  }

  /** Answers a request for events until it ends. False where there is no room. */
  add(response: ServerResponse, lastEventId: string | undefined): boolean {
    if (this.#clients.size >= MOST_CLIENTS) return false;
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "x-accel-buffering": "no" });
    response.write("retry: 2000\n\n");
    const last = /^\d{1,16}$/.test(lastEventId ?? "") ? Number(lastEventId) : this.#lastId;
    for (const { id, text } of this.#kept) if (id > last) response.write(text);
    this.#clients.add(response);
    response.on("close", () => this.#clients.delete(response));
    return true;
  }

  close(): void {
    clearInterval(this.#heartbeat);
    for (const client of this.#clients) client.end();
  }

  #toAll(text: string): void {
    for (const client of this.#clients) {
      client.write(text);
      if (client.writableLength > MOST_UNREAD_BYTES) client.destroy();
    }
  }
}
