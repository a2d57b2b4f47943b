import { isIP } from "node:net";
import { cliError } from "../../errors.js";

/** Where a server listens. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** `HOST:PORT`, `[::1]:9099`, `:9099` or `9099`; loopback where no host is told. Throws `bad-option`. */
export function listenAddress(text: string): ListenAddress {
  const match = /^(?:(\[[\da-f:.]+\]|[^:[\]\s]*):)?(\d{1,5})$/i.exec(text);
  const port = Number(match?.[2] ?? Number.NaN);
  if (match === null || !(port <= 65_535))
    throw cliError("bad-option", { option: "--listen", value: text, expected: "HOST:PORT, as 127.0.0.1:9099" });
  const host = (match[1] ?? "").replace(/^\[|\]$/g, "");
  return { host: host === "" ? "127.0.0.1" : host, port };
}

/** Whether only this machine can reach it. */
export function isLoopback({ host }: ListenAddress): boolean {
  return host === "localhost" || host === "::1" || /^127\./.test(host);
}

/**
 * Whether a request's Host header may be answered: an address, this machine, or a name that was allowed. A page of another
 * site whose name was made to point here (DNS rebinding) says that name.
 */
export function isKnownHost(header: string | undefined, names: readonly string[]): boolean {
  const match = /^(\[[\da-f:.]+\]|[^:[\]]+)(?::\d{1,5})?$/i.exec(header ?? "");
  if (match === null) return false;
  const host = match[1]!.toLowerCase().replace(/\.$/, "");
  if (isIP(host.replace(/^\[|\]$/g, "")) !== 0) return true;
  return host === "localhost" || host.endsWith(".localhost") || names.includes(host);
}
