import { type FieldMapping, ROLE, type Role } from "./role.js";

/**
 * What loggers of frameworks nest: `req.method`, `req.headers.user-agent`, `meta.request.url`, `res.statusCode`. Of a
 * request only who asked and for what is taken, of a response only how it ended: sizes and times of the other side
 * mean something else.
 */
const EXCHANGE: readonly { readonly path: RegExp; readonly roles: ReadonlySet<Role> }[] = [
  {
    path: /^(?:\w+\.)?(?:req|request|http_?request)\.(?:headers?\.)?/i,
    roles: new Set([ROLE.address, ROLE.user, ROLE.path, ROLE.dimension]),
  },
  {
    path: /^(?:\w+\.)?(?:res|resp|response|http_?response)\./i,
    roles: new Set([ROLE.status, ROLE.bytes, ROLE.latency, ROLE.latencyWithUnit]),
  },
];

/** The meaning of a field nested in a request or a response, by what its name means alone; undefined for other fields. */
export function exchangeField(
  name: string,
  alone: (name: string) => FieldMapping | undefined,
): FieldMapping | undefined {
  for (const { path, roles } of EXCHANGE) {
    const inner = name.replace(path, "");
    if (inner === name) continue;
    const known = alone(inner) ?? alone(inner.toLowerCase());
    if (known !== undefined && roles.has(known.role)) return { ...known, rank: known.rank + 200 };
  }
  return undefined;
}
