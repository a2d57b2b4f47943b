import type { Events } from "../../core/events.js";

/** The answer to a request that becomes a WebSocket: how long that stays open is no latency. */
const SWITCHING_PROTOCOLS = 101;
/** Dimensions that say what a request is, and values of them that are streams, open for as long as somebody listens. */
const KINDS = /^(?:(?:response_|sent_http_)?content_type|mime_type|(?:http_)?upgrade|(?:request_)?protocol)$/i;
const STREAMS = /event-stream|websocket|^wss?\b/i;

/** Takes the latency from rows that are upgraded connections and event streams, in place. */
export function clearStreamLatencies({ length, status, latencyMs, dimensions }: Events): void {
  for (let row = 0; row < length; row++) if (status[row] === SWITCHING_PROTOCOLS) latencyMs[row] = Number.NaN;
  for (const [name, { codes, dictionary }] of dimensions) {
    if (!KINDS.test(name)) continue;
    const isStream = dictionary.values.map((value) => STREAMS.test(value));
    if (!isStream.includes(true)) continue;
    for (let row = 0; row < length; row++) if (isStream[codes[row]!]) latencyMs[row] = Number.NaN;
  }
}
