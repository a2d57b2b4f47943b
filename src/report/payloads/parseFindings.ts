import { type Finding, type FindingSeries, SEVERITIES } from "../../detect/finding.js";
import { reportError } from "../errors.js";
import type { FindingsInput } from "./findingsJson.js";
import { JsonReader } from "./jsonReader.js";

/** What a document of findings holds. */
export interface ParsedFindings {
  readonly input: FindingsInput;
  readonly findings: readonly Finding[];
}

/**
 * Reads a document `geopivot.findings/1`, as `findingsJson` makes it. Fields that it does not know are ignored; those of
 * `details` (`expectedInterval`, `evidence`, `series`) are read where they are.
 *
 * Throws `bad-findings`, which names the field, and what it should be.
 */
export function parseFindings(text: string): ParsedFindings {
  const document = new JsonReader(parsed(text));
  document.at("schema").oneOf(["geopivot.findings/1"]);
  return { input: readInput(document.at("input")), findings: document.at("findings").list(readFinding) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw reportError("bad-findings", { path: "the document", expected: "JSON", found: excerpt(text) }, cause);
  }
}

/** The first words of what should have been JSON; of what is no text there is nothing to show. */
function excerpt(text: string): string {
  const start = text.slice(0, 20);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return /[\u0000-\u0008\ufffd]/.test(start) ? "binary data" : start;
}

function readInput(input: JsonReader): FindingsInput {
  const time = (name: string): number | null => input.at(name).orNull((value) => value.time());
  return {
    files: input.at("files").list((file) => file.text()),
    events: input.at("events").number(),
    rejected: input.at("rejected").number(),
    unlocated: input.at("unlocated").number(),
    fromMs: time("from"),
    toMs: time("to"),
  };
}

const texts = (list: JsonReader): string[] => list.list((item) => item.text());
const KINDS = ["regional-outage", "latency-hotspot", "suspicious-traffic"] as const;

function readFinding(finding: JsonReader): Finding {
  return {
    id: finding.at("id").text(),
    kind: finding.at("kind").oneOf(KINDS),
    subtype: finding.at("subtype").text(),
    severity: finding.at("severity").oneOf(SEVERITIES),
    confidence: finding.at("confidence").number(),
    startMs: finding.at("start").time(),
    endMs: finding.at("end").orNull((end) => end.time()),
    detectedAtMs: finding.at("detectedAt").time(),
    title: finding.at("title").text(),
    region: readRegion(finding.at("region")),
    dimensions: finding.at("dimensions").record((value) => value.text()),
    measure: finding.at("measure").text(),
    observed: finding.at("observed").number(),
    expected: finding.at("expected").number(),
    clients: finding.at("clients").number(),
    users: texts(finding.at("users")),
    ips: texts(finding.at("ips")),
    cause: finding.at("cause").list((cause) => ({
      slice: cause.at("slice").record((value) => value.text()),
      ...(cause.at("except").present && { except: cause.at("except").record(texts) }),
      share: cause.at("share").number(),
    })),
    ...readDetails(finding),
  };
}

function readRegion(region: JsonReader): Finding["region"] {
  return {
    name: region.at("name").text(),
    countries: texts(region.at("countries")),
    subdivisions: texts(region.at("subdivisions")),
    cities: texts(region.at("cities")),
    cells: texts(region.at("cells")),
    centroid: region.at("centroid").orNull((point) => ({
      lat: point.at("lat").number(),
      lon: point.at("lon").number(),
    })),
  };
}

function readDetails(finding: JsonReader): Pick<Finding, "expectedInterval" | "evidence" | "series"> {
  const [interval, evidence, series] = ["expectedInterval", "evidence", "series"].map((name) => finding.at(name));
  return {
    ...(interval!.present && { expectedInterval: readPair(interval!) }),
    ...(evidence!.present && { evidence: evidence!.record((value) => value.any()) }),
    ...(series!.present && { series: readSeries(series!) }),
  };
}

function readPair(pair: JsonReader): readonly [number, number] {
  const [low = Number.NaN, high = Number.NaN] = pair.list((value) => value.number());
  return [low, high];
}

function readSeries(series: JsonReader): FindingSeries {
  const values = (name: string) => series.at(name).list((value) => value.orNull((number) => number.number()));
  return {
    ...(series.at("measure").present && { measure: series.at("measure").text() }),
    bucketMs: series.at("bucketMs").number(),
    timeMs: series.at("time").list((time) => time.time()),
    observed: values("observed"),
    expected: values("expected"),
    ...(series.at("low").present && { low: values("low") }),
    ...(series.at("high").present && { high: values("high") }),
  };
}
