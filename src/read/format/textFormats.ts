import { UNIT_SCALE } from "../fields/knownFields.js";
import { type FieldMapping, IGNORED, meaning, ROLE } from "../fields/role.js";
import { formatPieces, type Piece } from "./formatString.js";

/** A vendor's log of one line a record, fields in a fixed order. */
export interface TextFormat {
  readonly kind: "text";
  readonly name: string;
  readonly title: string;
  readonly pieces: readonly Piece[];
  /** Records need no client address. */
  readonly addressless?: boolean;
  /** Lines that begin so are records of other kinds, and passed over. */
  readonly skips?: readonly string[];
  /** The last fields may be missing from this one on; all are needed if absent. */
  readonly optionalFrom?: string;
}

const { ms, s } = UNIT_SCALE;
const dimension = (name: string): FieldMapping => meaning(ROLE.dimension, { dimension: name });

/** Fields of {@link layout} that mean the same in every format. */
const COMMON: Readonly<Record<string, FieldMapping>> = {
  time: meaning(ROLE.time),
  client: meaning(ROLE.address),
  /** `address:port`. */
  peer: meaning(ROLE.endpoint),
  user: meaning(ROLE.user),
  request: meaning(ROLE.request, { rank: 1000 }),
  status: meaning(ROLE.status),
  backend_status: meaning(ROLE.status, { rank: 1 }),
  sent: meaning(ROLE.bytes),
  user_agent: dimension("user_agent"),
  referrer: dimension("referrer"),
  service: dimension("service"),
  route: dimension("route"),
  group: dimension("group"),
  success: dimension("success"),
  host: dimension("host"),
  pop: dimension("pop"),
  termination: dimension("termination"),
  frontend: dimension("frontend"),
  part_s: meaning(ROLE.latencyPart, { scale: s }),
  total_ms: meaning(ROLE.latency, { scale: ms }),
  /** With its unit. */
  total: meaning(ROLE.latencyWithUnit),
  total_s: meaning(ROLE.latency, { scale: s }),
  method: dimension("method"),
  path: meaning(ROLE.path),
  cache: dimension("cache"),
  action: dimension("action"),
  end: meaning(ROLE.endTime),
};

/** Pieces of a line: `<name>` is a field, of {@link COMMON} or passed over; everything else is text. */
function layout(line: string): readonly Piece[] {
  return line
    .split(/(<\w+>)/)
    .filter((part) => part !== "")
    .map((part) => {
      const name = /^<(\w+)>$/.exec(part)?.[1];
      return name === undefined ? part : { name, means: COMMON[name.replace(/\d+$/, "")] ?? IGNORED };
    });
}

const ENVOY_REQUEST =
  '[%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% %RESPONSE_FLAGS%';
const ENVOY_TAIL =
  '%BYTES_RECEIVED% %BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% "%REQ(X-FORWARDED-FOR)%" "%REQ(USER-AGENT)%" "%REQ(X-REQUEST-ID)%" "%REQ(:AUTHORITY)%" "%UPSTREAM_HOST%"';

/** Logs of lines, the more particular before the more general: the first that fits most lines is taken. */
export const TEXT_FORMATS: readonly TextFormat[] = [
  {
    kind: "text",
    name: "aws-alb",
    title: "AWS Application Load Balancer",
    // type time elb client:port target:port three processing times in seconds …
    pieces: layout(
      '<type> <time> <service> <peer> <target> <part_s1> <part_s2> <part_s3> <status> <target_status> <received> <sent> "<request>" "<user_agent>" <cipher> <protocol> <target_group> "<trace>" "<host>"',
    ),
    optionalFrom: "cipher",
  },
  {
    kind: "text",
    name: "aws-elb",
    title: "AWS Classic Load Balancer",
    pieces: layout(
      '<time> <service> <peer> <backend> <part_s1> <part_s2> <part_s3> <status> <backend_status> <received> <sent> "<request>" "<user_agent>" <cipher> <protocol>',
    ),
    optionalFrom: "user_agent",
  },
  {
    kind: "text",
    name: "aws-nlb",
    title: "AWS Network Load Balancer, TLS",
    pieces: layout(
      "<type> <version> <time> <service> <listener> <peer> <target> <total_ms> <handshake> <received> <sent> <rest>",
    ),
  },
  {
    kind: "text",
    name: "aws-s3",
    title: "AWS S3 server access",
    pieces: layout(
      '<owner> <service> [<time>] <client> <user> <id> <operation> <key> "<request>" <status> <error> <sent> <size> <total_ms> <turnaround> "<referrer>" "<user_agent>" <version>',
    ),
    optionalFrom: "total_ms",
  },
  {
    kind: "text",
    name: "aws-vpc-flow",
    title: "AWS VPC flow log, version 2",
    pieces: layout(
      "2 <account> <interface> <client> <destination> <port> <targetport> <protocol> <packets> <sent> <time> <until> <action> <log_status>",
    ),
    skips: ["version account-id "],
  },
  {
    kind: "text",
    name: "cloudfront-realtime",
    title: "AWS CloudFront, real-time, all fields",
    pieces: layout(
      "<time>\t<client>\t<first_byte>\t<status>\t<sent>\t<method>\t<scheme>\t<domain>\t<path>\t<received>\t<pop>\t<id>\t<host>\t<total_s>\t<protocol>\t<ip_version>\t<user_agent>\t<referrer>\t<rest>",
    ),
    optionalFrom: "ip_version",
  },
  {
    kind: "text",
    name: "squid",
    title: "Squid, native",
    pieces: layout("<time> <total_ms> <client> <cache>/<status> <sent> <method> <path> <user> <hierarchy> <type>"),
  },
  {
    kind: "text",
    name: "nginx-proxy-manager",
    title: "Nginx Proxy Manager",
    pieces: layout(
      '[<time>] <cache> <upstream> <status> - <method> <scheme> <host> "<path>" [Client <client>] [Length <sent>] [Gzip <gzip>] [Sent-to <service>] "<user_agent>" "<referrer>"',
    ),
  },
  {
    kind: "text",
    name: "nginx-proxy-manager-static",
    title: "Nginx Proxy Manager, without an upstream",
    pieces: layout(
      '[<time>] <status> - <method> <scheme> <host> "<path>" [Client <client>] [Length <sent>] [Gzip <gzip>] "<user_agent>" "<referrer>"',
    ),
  },
  {
    kind: "text",
    name: "gin",
    title: "Gin",
    pieces: layout('[GIN] <time> | <status> | <total> | <client> | <method> "<path>"<rest>'),
    optionalFrom: "rest",
  },
  {
    kind: "text",
    name: "uwsgi",
    title: "uWSGI",
    pieces: layout(
      "[pid: <pid>|app: <app>|req: <req>] <client> (<user>) {<vars>} [<time>] <method> <path> => generated <sent> bytes in <total> (HTTP/<protocol> <status>) <rest>",
    ),
  },
  {
    kind: "text",
    name: "gatling",
    title: "Gatling, simulation.log",
    pieces: layout("REQUEST\t<group>\t<route>\t<time>\t<end>\t<success>\t<message>"),
    optionalFrom: "message",
    addressless: true,
    skips: ["RUN\t", "USER\t", "GROUP\t", "ASSERTION\t", "ERROR\t"],
  },
  {
    kind: "text",
    name: "istio",
    title: "Istio, text",
    pieces: formatPieces(
      `${ENVOY_REQUEST} %RESPONSE_CODE_DETAILS% %CONNECTION_TERMINATION_DETAILS% "%UPSTREAM_TRANSPORT_FAILURE_REASON%" ${ENVOY_TAIL} %UPSTREAM_CLUSTER_RAW% %UPSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_REMOTE_ADDRESS% %REQUESTED_SERVER_NAME% %ROUTE_NAME%`,
    ),
  },
  { kind: "text", name: "envoy", title: "Envoy, text", pieces: formatPieces(`${ENVOY_REQUEST} ${ENVOY_TAIL}`) },
  {
    kind: "text",
    name: "haproxy",
    title: "HAProxy, HTTP",
    // TR/Tw/Tc/Tr/Ta in milliseconds; Ta is from the request to the end of the response.
    pieces: layout(
      '<peer> [<time>] <frontend> <service>/<server> <tr>/<tw>/<tc>/<tresponse>/<total_ms> <status> <sent> <cc> <cs> <termination> <connections> <queues> "<request>"',
    ),
  },
  {
    kind: "text",
    name: "haproxy-tcp",
    title: "HAProxy, TCP",
    // How long a session lasted is no latency.
    pieces: layout(
      "<peer> [<time>] <frontend> <service>/<server> <tw>/<tc>/<tt> <sent> <termination> <connections> <queues>",
    ),
  },
  {
    kind: "text",
    name: "traefik",
    title: "Traefik, common log",
    pieces: layout(
      '<client> - <user> [<time>] "<request>" <status> <sent> "<referrer>" "<user_agent>" <count> "<service>" "<url>" <total_ms>ms',
    ),
  },
  {
    kind: "text",
    name: "nginx-ingress",
    title: "ingress-nginx",
    pieces: formatPieces(
      '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" $request_length $request_time [$proxy_upstream_name] [$proxy_alternative_upstream_name] $upstream_addr $upstream_response_length $upstream_response_time $upstream_status $req_id',
    ),
  },
];
