import { html } from "../dom.js";
import type { CellValues, Frames } from "../frames.js";
import type { MapView } from "../map/mapView.js";
import { type Measure, measureOf } from "../measures.js";
import type { Store } from "../state/store.js";
import { mountTabs } from "./tabs.js";

const MOST_PLACES = 40;
/** How close the map goes to a place. */
const PLACE_ZOOM = 10;

/** The cells as a list, strongest first: what the map shows, for those who would rather read it. */
export function mountPlaces(box: HTMLElement, map: MapView, store: Store, frames: Frames): void {
  let waiting = false;
  const update = (): void => {
    if (box.hidden || waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      box.replaceChildren(places(map, store, frames));
    });
  };
  mountTabs(update);
  store.listen(update);
  map.listen(update);
}

function places(map: MapView, store: Store, frames: Frames): HTMLElement {
  const { level, scale } = map;
  const measure = measureOf(store.state.measure);
  if (!level || !scale) return html("div", { class: "empty" }, "No request could be located.");
  const values = frames.at(level, measure, store.state.range);
  const rows = strongest(values, measure).map((i) => {
    const cell = values.cell[i]!;
    const value = values.value[i]!;
    const swatch = html("span", { class: "swatch" });
    swatch.style.background = scale.colour(value);
    const label = level.label[cell] || "Unnamed place";
    const others = level.otherPlaces[cell]!;
    const button = html(
      "button",
      { type: "button", class: "place" },
      swatch,
      html("span", {}, label, others > 0 && html("span", { class: "muted" }, ` +${others}`)),
      html("span", { class: "value" }, measure.text(value)),
    );
    button.addEventListener("click", () => {
      map.fly({ lon: level.lon[cell]!, lat: level.lat[cell]!, zoom: Math.max(PLACE_ZOOM, map.camera.view.zoom) });
    });
    return html("li", {}, button);
  });
  if (rows.length === 0) return html("div", { class: "empty" }, "Nothing to list at this time.");
  return html("ol", { class: "places", "aria-label": `${measure.label} by place` }, ...rows);
}

/** Rows with a sure value, from the largest down; ratios from the furthest below 1 up, since what is missing comes first. */
function strongest({ value, weight }: CellValues, measure: Measure): number[] {
  const sign = measure.spread === "ratio" ? 1 : -1;
  return [...value.keys()]
    .filter((i) => !Number.isNaN(value[i]!) && weight[i]! >= measure.surest)
    .sort((a, b) => sign * (value[a]! - value[b]!) || weight[b]! - weight[a]!)
    .slice(0, MOST_PLACES);
}
