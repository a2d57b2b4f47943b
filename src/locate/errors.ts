import { errorKind } from "../core/errors.js";

/** What can go wrong while addresses are located; see the sentences below. */
type LocateErrors = {
  "bad-address": { readonly value: string };
  "bad-network": { readonly value: string; readonly reason: string };
  "bad-header": { readonly value: string; readonly reason: string };
  "bad-option": { readonly option: string; readonly reason: string };
  "no-database": { readonly command: string };
  "unreadable-database": { readonly path: string; readonly reason: string };
  "corrupt-database": { readonly path: string; readonly reason: string };
  "unsupported-database": { readonly path: string; readonly reason: string };
  "unwritable-table": { readonly path: string; readonly reason: string };
  "too-many-tags": { readonly limit: number };
  "no-sources": object;
  "locator-closed": object;
};

/** Makes the errors of this room. */
export const locateError = errorKind<LocateErrors>({
  "bad-address": (d) => `${JSON.stringify(d.value)} is not an IP address`,
  "bad-network": (d) => `${JSON.stringify(d.value)} is not a network: ${d.reason}`,
  "bad-header": (d) => `${JSON.stringify(d.value)} is not a proxy header: ${d.reason}`,
  "bad-option": (d) => `${d.option} ${d.reason}`,
  "no-database": (d) => `no location database found; install one with: ${d.command}`,
  "unreadable-database": (d) => `${d.path} cannot be read: ${d.reason}`,
  "corrupt-database": (d) => `${d.path} is damaged: ${d.reason}`,
  "unsupported-database": (d) => `${d.path} is not a database that geopivot knows: ${d.reason}`,
  "unwritable-table": (d) => `${d.path} cannot be written: ${d.reason}`,
  "too-many-tags": (d) => `more than ${d.limit} different network tags`,
  "no-sources": () => "a locator made from a share cannot reload",
  "locator-closed": () => "the locator is closed",
});

/** The sentence of something thrown; what the engine says of content that leads it astray is of no use to anybody. */
export function reasonOf(thrown: unknown): string {
  const isEngine = thrown instanceof TypeError || thrown instanceof RangeError || thrown instanceof SyntaxError;
  if (isEngine && !("code" in thrown)) return "its content makes no sense";
  return thrown instanceof Error ? thrown.message : String(thrown);
}
