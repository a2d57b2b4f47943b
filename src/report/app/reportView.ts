import type { ReportModel } from "../page/reportModel.js";
import { byId } from "./dom.js";
import { BaseMap, type World } from "./map/baseMap.js";
import { type MountedReport, mountReport } from "./mountReport.js";
import type { ReportState } from "./state/store.js";
import { type FrameRange, movedRange, rangeOf, timesOf } from "./state/timeRange.js";

/** Elements whose contents a report fills. */
const FILLED = ["header", "main"] as const;
/** Lists that scroll. */
const SCROLLED = ["finding-list", "incident-list", "place-list", "steering"] as const;

/** A page whose report, or part of it, can be put in the place of another while the reader keeps what they chose. */
export class ReportView {
  readonly #baseMap: BaseMap;
  readonly #pristine: readonly Element[];
  #ending = new AbortController();
  #mounted: MountedReport;
  #model: ReportModel;

  constructor(model: ReportModel, world: World, state: ReportState) {
    this.#baseMap = new BaseMap(world);
    this.#model = model;
    this.#pristine = FILLED.map((name) => document.querySelector(name)!.cloneNode(true) as Element);
    this.#mounted = this.#mount(model, state);
  }

  #mount(model: ReportModel, state: ReportState): MountedReport {
    const onSlice = (slice: ReportModel["slice"]): void => this.#replace(sliced(this.#model, slice));
    return mountReport(model, this.#baseMap, state, onSlice, this.#ending.signal);
  }

  /** Whether the reader is in the middle of something that a new report would break off. */
  get isBusy(): boolean {
    return (
      byId("play").classList.contains("playing") || document.querySelector("#map:active, #timeline:active") !== null
    );
  }

  /** Shows another report of the same things, a little later. */
  show(model: ReportModel): void {
    const { slice } = this.#mounted.model;
    this.#model = model;
    this.#replace(sliced(model, slice));
  }

  #replace(model: ReportModel): void {
    const { store, map, model: before } = this.#mounted;
    const view = map.camera.view;
    const state = carriedOver(store.state, before, model);
    const restore = remembered();
    this.#ending.abort();
    this.#ending = new AbortController();
    for (const [i, name] of FILLED.entries())
      document.querySelector(name)!.replaceWith(this.#pristine[i]!.cloneNode(true));
    this.#mounted = this.#mount(model, state);
    if (before.levels.length > 0) this.#mounted.map.look(view);
    restore();
  }
}

/** The report of a part of the traffic; of all where it no longer has that part. */
function sliced(model: ReportModel, slice: ReportModel["slice"]): ReportModel {
  const found = model.slices.find(({ dimension, value }) => dimension === slice?.dimension && value === slice.value);
  if (!found) return model;
  const { dimension, value, timeline } = found;
  const levels = found.levels.map((rows, i) => ({ ...model.levels[i]!, ...rows }));
  return { ...model, timeline, levels, slice: { dimension, value } };
}

/** What the reader chose, in another model: the same finding, the same moment, or the latest where that was shown. */
function carriedOver(state: ReportState, before: ReportModel, after: ReportModel): ReportState {
  const id = state.finding === null ? null : before.findings[state.finding]!.id;
  const at = after.findings.findIndex((finding) => finding.id === id);
  return { ...state, finding: at < 0 ? null : at, pointed: null, range: rangeIn(state.range, before, after) };
}

function rangeIn(range: FrameRange | null, before: ReportModel, after: ReportModel): FrameRange | null {
  const frames = after.timeline.count.length;
  if (range === null || frames === 0) return null;
  const kept = rangeOf(after, ...timesOf(before, range));
  return range[1] === before.timeline.count.length ? movedRange(kept, frames - kept[1], frames) : kept;
}

/** Notes which tab is open, what is scrolled where and what has the focus; gives what restores it. */
function remembered(): () => void {
  const tab = document.querySelector('[role="tab"][aria-selected="true"]')?.id ?? "tab-findings";
  const tops = SCROLLED.map((id) => byId(id).scrollTop);
  const focused = pathTo(document.activeElement);
  return () => {
    if (tab !== "tab-findings" && !byId(tab).hidden) byId(tab).click();
    SCROLLED.forEach((id, i) => {
      byId(id).scrollTop = tops[i]!;
    });
    const element = focused ? document.querySelector<HTMLElement>(focused) : null;
    element?.focus({ preventScroll: true });
  };
}

/** A selector of an element by the nearest id and its place below; undefined for none worth finding again. */
function pathTo(element: Element | null): string | undefined {
  const steps: string[] = [];
  for (let at = element; at !== null && at !== document.body; at = at.parentElement) {
    if (at.id !== "") return [`#${CSS.escape(at.id)}`, ...steps].join(" > ");
    const index = [...(at.parentElement?.children ?? [])].indexOf(at) + 1;
    steps.unshift(`:nth-child(${index})`);
  }
  return undefined;
}
