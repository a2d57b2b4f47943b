import { readError } from "../errors.js";
import { knownField, UNIT_SCALE } from "../fields/knownFields.js";
import { type FieldMapping, IGNORED, meaning, ROLE } from "../fields/role.js";

/** A piece of a line: text that is always there, or a field that ends where the next text begins. */
export type Piece = string | PatternField;

export interface PatternField {
  /** The field's name in its own syntax, for mapping. */
  readonly name: string;
  readonly means: FieldMapping;
  /** The value may be a list joined by `, ` or ` : `, as nginx writes what several upstreams answered. */
  readonly list?: boolean;
}

const { ms, s, us } = UNIT_SCALE;
const dimension = (name: string): FieldMapping => meaning(ROLE.dimension, { dimension: name });
const latency = (scale: number, rank = 0): FieldMapping => meaning(ROLE.latency, { scale, rank });
const request = meaning(ROLE.request, { rank: 1000 });

/** Variables of nginx's `log_format` (ngx_http_core_module, ngx_http_upstream_module, ingress-nginx). */
const NGINX: Readonly<Record<string, FieldMapping>> = {
  remote_addr: meaning(ROLE.address),
  realip_remote_addr: IGNORED,
  remote_user: meaning(ROLE.user),
  time_local: meaning(ROLE.time),
  time_iso8601: meaning(ROLE.time),
  msec: meaning(ROLE.time),
  request,
  request_uri: meaning(ROLE.path, { rank: 1 }),
  uri: meaning(ROLE.path, { rank: 2 }),
  request_time: latency(s),
  body_bytes_sent: meaning(ROLE.bytes, { rank: 1 }),
  bytes_sent: meaning(ROLE.bytes),
  http_x_forwarded_for: meaning(ROLE.forwardedFor),
  proxy_add_x_forwarded_for: IGNORED,
  http_forwarded: meaning(ROLE.forwarded),
  http_host: meaning(ROLE.dimension, { dimension: "host", rank: 1 }),
  host: dimension("host"),
  server_name: meaning(ROLE.dimension, { dimension: "host", rank: 2 }),
  proxy_upstream_name: dimension("service"),
  upstream_cache_status: dimension("cache"),
  upstream_addr: IGNORED,
  upstream_response_time: IGNORED,
  upstream_connect_time: IGNORED,
  upstream_header_time: IGNORED,
  upstream_response_length: IGNORED,
  upstream_status: IGNORED,
  proxy_alternative_upstream_name: IGNORED,
  request_length: IGNORED,
  request_id: IGNORED,
  req_id: IGNORED,
  connection: IGNORED,
  connection_requests: IGNORED,
  gzip_ratio: IGNORED,
  pipe: IGNORED,
};

/** Directives of Apache's `LogFormat` (mod_log_config, mod_logio). */
const APACHE: Readonly<Record<string, FieldMapping>> = {
  h: meaning(ROLE.address, { rank: 1 }),
  a: meaning(ROLE.address),
  "{c}a": IGNORED,
  u: meaning(ROLE.user),
  l: IGNORED,
  r: request,
  m: dimension("method"),
  U: meaning(ROLE.path),
  s: meaning(ROLE.status, { rank: 1 }),
  ">s": meaning(ROLE.status),
  B: meaning(ROLE.bytes, { rank: 1 }),
  b: meaning(ROLE.bytes, { rank: 1 }),
  O: meaning(ROLE.bytes),
  D: latency(us),
  T: latency(s, 2),
  "{s}T": latency(s, 2),
  "{ms}T": latency(ms, 1),
  "{us}T": latency(us),
  v: dimension("host"),
  V: meaning(ROLE.dimension, { dimension: "host", rank: 1 }),
  t: meaning(ROLE.time),
};

/** Operators of Envoy's access log format. */
const ENVOY: Readonly<Record<string, FieldMapping>> = {
  START_TIME: meaning(ROLE.time),
  RESPONSE_CODE: meaning(ROLE.status),
  BYTES_SENT: meaning(ROLE.bytes),
  DURATION: latency(ms),
  DOWNSTREAM_REMOTE_ADDRESS: meaning(ROLE.address, { rank: 1 }),
  DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT: meaning(ROLE.address),
  UPSTREAM_CLUSTER: dimension("service"),
  UPSTREAM_CLUSTER_RAW: meaning(ROLE.dimension, { dimension: "service", rank: 1 }),
  RESPONSE_FLAGS: dimension("response_flags"),
  "REQ(:METHOD)": dimension("method"),
  "REQ(:PATH)": meaning(ROLE.path),
  "REQ(X-ENVOY-ORIGINAL-PATH?:PATH)": meaning(ROLE.path),
  "REQ(:AUTHORITY)": dimension("host"),
  "REQ(USER-AGENT)": dimension("user_agent"),
  "REQ(REFERER)": dimension("referrer"),
  "REQ(X-FORWARDED-FOR)": meaning(ROLE.forwardedFor),
};

const SYNTAXES = [
  { is: /\$[a-z{]/i, token: /\$(?:\{([A-Za-z0-9_]+)\}|([A-Za-z0-9_]+))/y, field: nginxField },
  { is: /%[A-Z_]{3,}(?:\([^)]*\))?(?::\d+)?%/, token: /%([A-Z_0-9]+(?:\([^)]*\))?)(?::\d+)?%/y, field: envoyField },
  {
    is: /%(?:\{|[<>!\d,]*[a-zA-Z])/,
    token: /%[!\d,]*((?:[<>]?)(?:\{[^}]*\})?(?:\^?[a-zA-Z]{1,2}))/y,
    field: apacheField,
  },
] as const;

/** Whether a text is a format string rather than the name of a format. */
export function isFormatString(text: string): boolean {
  return SYNTAXES.some((syntax) => syntax.is.test(text));
}

/**
 * The pieces of a line that a format string of nginx (`log_format`), Envoy or Apache (`LogFormat`) describes.
 *
 * @throws `bad-format-string` if two fields follow each other with nothing between, or time or address are missing
 */
export function formatPieces(format: string): readonly Piece[] {
  const syntax = SYNTAXES.find((one) => one.is.test(format))!;
  const pieces: Piece[] = [];
  let text = "";
  // Apache's configuration escapes quotes; nginx's may be in quotes of either kind.
  const source = format.replaceAll('\\"', '"').replaceAll("\\t", "\t");
  for (let at = 0; at < source.length; ) {
    syntax.token.lastIndex = at;
    const match = syntax.token.exec(source);
    if (match === null) {
      text += source[at++];
      continue;
    }
    at = syntax.token.lastIndex;
    const more = syntax.field(match[1] ?? match[2] ?? "");
    for (const piece of more) {
      if (typeof piece === "string") text += piece;
      else {
        if (text === "" && pieces.length > 0)
          throw bad(format, `nothing separates ${piece.name} from the field before it`);
        if (text !== "") pieces.push(text);
        text = "";
        pieces.push(piece.means.role === ROLE.forwardedFor ? { ...piece, list: true } : piece);
      }
    }
  }
  if (text !== "") pieces.push(text);
  const has = (...roles: number[]): boolean =>
    pieces.some((piece) => typeof piece !== "string" && roles.includes(piece.means.role));
  if (!has(ROLE.time)) throw bad(format, "it has no time");
  if (!has(ROLE.address, ROLE.forwardedFor)) throw bad(format, "it has no client address");
  return pieces;
}

function bad(format: string, why: string): Error {
  return readError("bad-format-string", { format, why });
}

function nginxField(name: string): readonly Piece[] {
  const means = Object.hasOwn(NGINX, name) ? NGINX[name]! : knownField(name);
  return [{ name, means, list: name.startsWith("upstream_") }];
}

function envoyField(name: string): readonly Piece[] {
  return [{ name, means: Object.hasOwn(ENVOY, name) ? ENVOY[name]! : IGNORED }];
}

function apacheField(directive: string): readonly Piece[] {
  const own = Object.hasOwn(APACHE, directive) ? APACHE[directive] : undefined;
  if (directive === "t") return ["[", { name: "t", means: own! }, "]"];
  if (own !== undefined) return [{ name: directive, means: own }];
  const header = /^\{([^}]*)\}([io])$/.exec(directive);
  const time = /^\{(?:begin:|end:)?([^}]*)\}t$/.exec(directive);
  if (time !== null) return [{ name: directive, means: meaning(ROLE.time) }];
  if (header === null) return [{ name: directive, means: IGNORED }];
  return [{ name: header[1]!, means: headerMeaning(header[1]!.toLowerCase()) }];
}

function headerMeaning(header: string): FieldMapping {
  if (header === "x-forwarded-for") return meaning(ROLE.forwardedFor);
  if (header === "forwarded") return meaning(ROLE.forwarded);
  if (header === "user-agent") return dimension("user_agent");
  if (header === "referer") return dimension("referrer");
  if (header === "host") return dimension("host");
  return dimension(header.replaceAll("-", "_"));
}
