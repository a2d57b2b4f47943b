import { type FieldMapping, meaning, ROLE } from "./role.js";

/** Names that end so hold `X-Forwarded-For`, whatever object or prefix a logger keeps headers in. */
const FORWARDED_FOR = /(?:^|[^a-z0-9])(?:x[-_ ]?forwarded[-_ ]?for|xff|forwarded_for)\)?$|(?:^|[a-z])XForwardedFor$/i;
/** Headers that hold the client's address alone. */
const CLIENT =
  /(?:^|[^a-z0-9])(?:x[-_]real[-_]ip|cf[-_]connecting[-_]ip|true[-_]client[-_]ip|fastly[-_]client[-_]ip)\)?$/i;

/** The meaning of a field that holds a header in which a proxy names its client; undefined for other fields. */
export function proxyHeader(name: string): FieldMapping | undefined {
  if (FORWARDED_FOR.test(name)) return meaning(ROLE.forwardedFor, { rank: name.includes(".") ? 1 : 0 });
  return CLIENT.test(name) ? meaning(ROLE.forwardedFor, { rank: 10 }) : undefined;
}
