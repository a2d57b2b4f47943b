import type { ReportModel } from "../../page/reportModel.js";
import { html } from "../dom.js";
import { usualPhases } from "../frames.js";
import { MEASURES, type Measure, type MeasureId, measureOf } from "../measures.js";
import type { Store } from "../state/store.js";
import type { MapView } from "./mapView.js";
import { ramp, SILENT } from "./palette.js";

/** The measures that this report can show. */
export function measuresOf(model: ReportModel): readonly MeasureId[] {
  const has = (name: "p95" | "clients"): boolean => model.levels.some((level) => level.total[name].some((v) => v > 0));
  return MEASURES.filter(({ id }) => {
    if (id === "p50" || id === "p95") return has("p95");
    if (id === "clients") return has("clients");
    return id !== "typical" || usualPhases(model) > 0;
  }).map(({ id }) => id);
}

/** How much of the choice before the chosen one stays in view. */
const BEFORE_PX = 40;

/** The choice of what colours the cells. */
export function mountMeasures(box: HTMLElement, model: ReportModel, store: Store): void {
  const inputs = measuresOf(model).map((id) => {
    const input = html("input", { type: "radio", name: "measure", value: id });
    input.addEventListener("change", () => chooseMeasure(store, model, id));
    box.append(html("label", { class: "choice" }, input, html("span", {}, measureOf(id).label)));
    return input;
  });
  store.listen(({ measure }) => {
    for (const input of inputs) {
      input.checked = input.value === measure;
      if (input.checked) box.scrollLeft = input.parentElement!.offsetLeft - BEFORE_PX; // on a phone the choices scroll
    }
  });
}

/** Colours the cells by a measure. What is usual depends on the time of day, so that measure needs a moment to be chosen. */
export function chooseMeasure(store: Store, model: ReportModel, measure: MeasureId): void {
  const lastWhole = Math.max(0, model.timeline.count.length - 2);
  const range = measure === "typical" ? (store.state.range ?? [lastWhole, lastWhole + 1]) : store.state.range;
  store.set({ measure, range });
}

/** Hides each tick that would touch the one before it. */
function hideOverlaps(ticks: readonly HTMLElement[]): void {
  let end = Number.NEGATIVE_INFINITY;
  for (const tick of ticks) {
    const { left, right } = tick.getBoundingClientRect();
    if (left < end + 6) tick.style.visibility = "hidden";
    else end = right;
  }
}

function noteOf(measure: Measure, resolution: number): string {
  const across = CELL_KM / Math.sqrt(7) ** resolution;
  const cells = `Cells ${across < 10 ? across.toFixed(1) : Math.round(across)} km across`;
  return measure.surest > 0 ? `${cells}; pale: under ${measure.surest} requests` : cells;
}

/** Mean width of H3 cells of resolution 0: twice the apothem of a hexagon of their mean area, 4,357,449 km². */
const CELL_KM = 2_243;

/** The ramp of colours with its values, which follow measure, theme, time and magnification. */
export function mountLegend(box: HTMLElement, map: MapView, store: Store): void {
  const title = html("div", { class: "legend-title" });
  const bar = html("div", { class: "legend-bar" });
  const ticks = html("div", { class: "legend-ticks" });
  const note = html("div", { class: "legend-note" });
  const silent = html("span", { class: "legend-silent" }, "none");
  box.append(
    html("div", { class: "legend-text" }, title, note),
    silent,
    html("div", { class: "legend-scale" }, bar, ticks),
  );
  const update = (): void => {
    const { measure: id, theme, range } = store.state;
    const measure = measureOf(id);
    const scale = map.scale;
    box.hidden = !scale;
    if (!scale) return;
    silent.hidden = measure.spread !== "ratio";
    silent.style.setProperty("--silent", SILENT[theme]);
    title.textContent = `${measure.legend}${range === null ? ", whole period" : ""}`;
    const colour = ramp(theme, measure.ramp);
    const stops = Array.from({ length: 17 }, (_, i) => colour(i / 16));
    bar.style.background = `linear-gradient(90deg, ${stops.join(", ")})`;
    ticks.replaceChildren(
      ...scale.ticks.map((value) => {
        const at = Math.max(0, Math.min(1, scale.position(value)));
        const tick = html("span", { class: at < 0.06 ? "first" : at > 0.94 ? "last" : null }, measure.tick(value));
        tick.style.left = `${100 * at}%`;
        return tick;
      }),
    );
    hideOverlaps([...ticks.children] as HTMLElement[]);
    note.textContent = noteOf(measure, map.level!.resolution);
  };
  store.listen(update);
  map.listen(update);
}
