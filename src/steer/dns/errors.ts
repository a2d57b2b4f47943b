import { errorKind } from "../../core/errors.js";

/** Everything that writing configuration throws on purpose. */
export const dnsError = errorKind<{
  "bad-dns-name": { what: string; name: string };
  "bad-dns-address": { server: string; address: string };
  "no-dns-address": { server: string };
  "bad-steering": { reason: string };
  "bad-servers-file": { problems: readonly string[] };
}>({
  "bad-dns-name": (d) => `${JSON.stringify(d.name)} cannot be written as a ${d.what} into configuration`,
  "bad-dns-address": (d) => `${JSON.stringify(d.address)} of server ${d.server} is not an IP address`,
  "no-dns-address": (d) => `server ${d.server} has no address: give it one ("addresses") in the catalogue`,
  "bad-servers-file": (d) => `the servers cannot be used: ${d.problems.join("; ")}`,
  "bad-steering": (d) => `the steering table cannot be written: ${d.reason}`,
});
