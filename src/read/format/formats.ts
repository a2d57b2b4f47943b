import { readError } from "../errors.js";
import type { FieldMeanings } from "../fields/fieldMap.js";
import { fieldTable } from "./fieldTable.js";
import { formatPieces, isFormatString } from "./formatString.js";
import type { JsonFormat } from "./jsonFormat.js";
import { JSON_FORMATS, NDJSON } from "./jsonFormats.js";
import { PAIR_FORMATS, type PairFormat } from "./pairFormats.js";
import { TEXT_FORMATS, type TextFormat } from "./textFormats.js";

/** The common and combined formats of Apache and nginx, which have a scanner of their own. */
export interface CombinedFormat {
  readonly kind: "combined";
  readonly name: string;
  readonly title: string;
}

/** W3C extended: its header says what the fields are. */
export interface W3cFormat {
  readonly kind: "w3c";
  readonly name: string;
  readonly title: string;
}

export interface DelimitedFormat {
  readonly kind: "delimited";
  readonly name: string;
  readonly title: string;
  readonly separator: string;
  /** What the columns mean, where the header is one that a tool writes; told by these names. */
  readonly signature?: readonly string[];
  readonly fields?: FieldMeanings;
  readonly addressless?: boolean;
}

/** JSON that is spread over lines. */
export interface DocumentFormat {
  readonly kind: "document";
  readonly name: string;
  readonly title: string;
}

export type Format =
  | JsonFormat
  | DocumentFormat
  | TextFormat
  | CombinedFormat
  | W3cFormat
  | DelimitedFormat
  | PairFormat;

const COMBINED: CombinedFormat = { kind: "combined", name: "combined", title: "Apache or nginx, common or combined" };

const DOCUMENT: DocumentFormat = { kind: "document", name: "json-document", title: "JSON over several lines" };

const W3C: readonly W3cFormat[] = [
  { kind: "w3c", name: "cloudfront", title: "AWS CloudFront, standard" },
  { kind: "w3c", name: "iis", title: "IIS" },
  { kind: "w3c", name: "zeek", title: "Zeek, tab-separated" },
  { kind: "w3c", name: "w3c", title: "W3C extended" },
];

const DELIMITED: readonly DelimitedFormat[] = [
  {
    kind: "delimited",
    name: "jmeter",
    title: "JMeter, CSV",
    separator: ",",
    signature: ["timeStamp", "elapsed", "responseCode"],
    addressless: true,
    fields: fieldTable({
      time: ["timeStamp"],
      address: ["clientIp"],
      status: ["responseCode"],
      latency: { elapsed: "ms" },
      bytes: ["bytes"],
      path: ["URL"],
      dimensions: {
        route: ["label"],
        load_region: ["region"],
        load_zone: ["load_zone", "Hostname"],
        success: ["success"],
      },
    }),
  },
  {
    kind: "delimited",
    name: "locust",
    title: "Locust, a line a request",
    separator: ",",
    signature: ["request_type", "name", "response_time"],
    addressless: true,
    fields: fieldTable({
      time: ["timestamp", "time", "start_time", "ts"],
      address: ["client_ip", "ip"],
      status: ["status_code", "response_code", "status"],
      latency: { response_time: "ms" },
      bytes: ["response_length", "content_size"],
      path: ["url", "path"],
      dimensions: {
        method: ["request_type"],
        route: ["name"],
        load_region: ["region"],
        load_zone: ["load_zone", "worker"],
        success: ["success"],
        exception: ["exception"],
      },
    }),
  },
  {
    kind: "delimited",
    name: "aws-vpc-flow-fields",
    title: "AWS VPC flow log, of fields that its header names",
    separator: " ",
    signature: ["srcaddr", "start", "end"],
    fields: fieldTable({
      time: ["start"],
      address: ["srcaddr"],
      status: [],
      bytes: ["bytes"],
      dimensions: { action: ["action"], direction: ["flow-direction"], service: ["vpc-id"] },
    }),
  },
  { kind: "delimited", name: "csv", title: "CSV with a header", separator: "," },
  { kind: "delimited", name: "psv", title: "Pipe-separated values with a header", separator: "|" },
  { kind: "delimited", name: "tsv", title: "TSV with a header", separator: "\t" },
  { kind: "delimited", name: "ssv", title: "CSV with semicolons", separator: ";" },
];

/** All formats, in the order in which detection tries them. */
export const FORMATS: readonly Format[] = [
  ...JSON_FORMATS,
  NDJSON,
  DOCUMENT,
  ...W3C,
  ...TEXT_FORMATS,
  COMBINED,
  ...PAIR_FORMATS,
  ...DELIMITED,
];

const ALIASES: Readonly<Record<string, string>> = {
  json: "ndjson",
  jsonl: "ndjson",
  otel: "ndjson",
  ecs: "ndjson",
  "nginx-json": "ndjson",
  common: "combined",
  apache: "combined",
  nginx: "combined",
  alb: "aws-alb",
  elb: "aws-elb",
  "istio-json": "envoy-json",
  gcp: "gcp-lb",
};

/** Names that `--format` takes, `auto` aside. */
export const FORMAT_NAMES: readonly string[] = FORMATS.map((format) => format.name);

/**
 * The format of a name, or of a format string in nginx's, Apache's or Envoy's syntax.
 *
 * @throws `bad-format`, `bad-format-string`
 */
export function formatOf(asked: string): Format {
  if (isFormatString(asked)) return { kind: "text", name: "custom", title: "own format", pieces: formatPieces(asked) };
  const name = ALIASES[asked] ?? asked;
  const format = FORMATS.find((one) => one.name === name);
  if (format === undefined) throw readError("bad-format", { format: asked, known: FORMAT_NAMES });
  return format;
}
