import type { Shapes } from "../../core/options/shape.js";
import { having, list, nullable, text } from "../../core/options/shapes.js";
import { bucketStartMs, HOUR_MS } from "../../core/time.js";
import type { Cube } from "../../cube/cube.js";
import { CUBE } from "../../cube/cubeShape.js";
import type { Finding } from "../../detect/finding.js";
import type { Alert } from "../../triage/alert.js";
import { type FindingsInput, findingsJson } from "../payloads/findingsJson.js";
import { reportFinding } from "./reportFinding.js";
import { framesOfGroups, MOST_FRAMES, type ReportFrames, reportFrames } from "./reportFrames.js";
import { reportIncident } from "./reportIncident.js";
import { cellTiers, reportLevels } from "./reportLevels.js";
import type { ReportLevel, ReportModel, ReportSlice, ReportTimeline } from "./reportModel.js";
import { reportOverview } from "./reportOverview.js";
import { type ComparedCubes, comparedSlices, reportSlices, timelineOf } from "./reportSlices.js";
import { reportSteering, type SteeringInput } from "./steering/reportSteering.js";

/** What a report is made of. */
export interface ReportOptions {
  /** The traffic to draw; without it the map shows the findings alone. */
  readonly cube?: Cube | null;
  readonly findings: readonly Finding[];
  readonly input: FindingsInput;
  /** What triage made of the findings: each is told as an incident with its timeline. Default none. */
  readonly alerts?: readonly Alert[];
  /** Credits that the location databases ask for, to stand under the map. */
  readonly attributions?: readonly string[];
  /** Default "Geographic traffic report". */
  readonly title?: string;
  /** What `cube` was merged from, where two logs or slices are compared: the page shows each side alone. */
  readonly compared?: ComparedCubes | null;
  /** A plan for failures, for a tab that shows who serves whom. */
  readonly steering?: SteeringInput | null;
}

/** What each option takes. */
export const REPORT_OPTIONS: Shapes<ReportOptions> = {
  cube: nullable(CUBE),
  findings: list(having("a finding of detect()", "kind", "severity"), "findings of detect()"),
  input: having("what was read: (await analyze(log)).report", "files", "events"),
  alerts: list(having("an alert of triage()", "key", "status"), "alerts: triage(findings, policy).alerts"),
  attributions: list(text, "texts: locator.attributions"),
  title: text,
  compared: nullable(having("the cubes before and after, and labels", "before", "after", "labels")),
  steering: nullable(having("a plan and its state", "plan", "state")),
};

/** Turns a cube and findings into what the page draws. Throws `bad-cell` where a finding names a cell that is none. */
export function buildReportModel(options: ReportOptions): ReportModel {
  const { cube, findings, input, alerts = [], attributions = [], title = "Geographic traffic report" } = options;
  const { frames, levels, slices } = cube
    ? boundedTraffic(cube, options.compared ?? null)
    : { ...NO_TRAFFIC, frames: framesAround(findings) };
  return {
    title,
    input: findingsJson(input, []).input,
    countries: cube ? countriesOf(cube) : 0,
    frameMs: frames.frameMs,
    originMs: frames.originMs,
    timeline: cube ? timelineOf(cube, frames, cube.groups.place.keys()) : emptyTimeline(frames),
    levels,
    slices,
    slice: null,
    findings: findings.map(reportFinding),
    overview: cube && cube.groups.length > 0 ? reportOverview(cube) : null,
    incidents: alerts.slice(0, MOST_INCIDENTS).map((alert) => reportIncident(alert, findings)),
    attributions,
    steering: options.steering ? reportSteering(options.steering) : null,
  };
}

/** Nobody reads more, and a policy that lets them through is to be mended. */
const MOST_INCIDENTS = 200;

/** Hours from the first finding to the last, for a report without traffic. */
function framesAround(findings: readonly Finding[]): ReportFrames {
  if (findings.length === 0) return reportFrames(HOUR_MS, 0, 0);
  const first = Math.min(...findings.map((finding) => finding.startMs));
  const last = Math.max(...findings.map((finding) => finding.endMs ?? finding.detectedAtMs));
  const originMs = bucketStartMs(first, HOUR_MS);
  return reportFrames(HOUR_MS, originMs, Math.floor((last - originMs) / HOUR_MS) + 1);
}

function emptyTimeline({ count }: ReportFrames): ReportTimeline {
  return { count: new Uint32Array(count), errors: new Uint32Array(count) };
}

/** A page holds no more rows of cells and frames than these: some 10 MB of it. */
const MOST_ROWS = 2_000_000;
/** Resolutions with more cells than this are left out; there is always one with fewer. */
const MOST_CELLS = 25_000;
const FEWEST_FRAMES = 12;

interface Traffic {
  readonly frames: ReportFrames;
  readonly levels: readonly ReportLevel[];
  readonly slices: readonly ReportSlice[];
}

const NO_TRAFFIC: Omit<Traffic, "frames"> = { levels: [], slices: [] };

/** Frames as fine as a page can hold. */
function boundedTraffic(cube: Cube, compared: ComparedCubes | null): Traffic {
  for (let mostFrames = MOST_FRAMES; ; mostFrames = Math.floor(mostFrames / 2)) {
    const frames = reportFrames(cube.bucketMs, cube.originMs, cube.bucketCount, mostFrames);
    const least = mostFrames <= FEWEST_FRAMES;
    if (!least && placesByFrame(cube, frames) > MOST_ROWS / 2) continue; // parents come to about as many rows again
    const tiers = cellTiers(cube, frames);
    const levels = reportLevels(tiers).filter((level) => level.lat.length <= MOST_CELLS);
    const rows = levels.reduce((sum, level) => sum + level.rowCell.length, 0);
    if (rows > MOST_ROWS && !least) continue;
    const sides = compared ? comparedSlices(tiers, compared, levels.length) : [];
    return { frames, levels, slices: [...sides, ...reportSlices(tiers, levels)] };
  }
}

/** How many pairs of a frame and a place with traffic there are: as many rows as the finest level can have. */
function placesByFrame(cube: Cube, frames: ReportFrames): number {
  const { place } = cube.groups;
  const last = new Int32Array(cube.places.length).fill(-1);
  let pairs = 0;
  framesOfGroups(cube, frames).forEach((frame, group) => {
    if (last[place[group]!] !== frame) pairs++; // groups are ascending by bucket, so frames never come back
    last[place[group]!] = frame;
  });
  return pairs;
}

function countriesOf({ places, groups }: Cube): number {
  const seen = new Set<number>();
  for (const place of groups.place) seen.add(places.country[place]!);
  seen.delete(0);
  return seen.size;
}
