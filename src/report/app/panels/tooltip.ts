import { latencyOf, type ReportLevel } from "../../page/reportModel.js";
import { html } from "../dom.js";
import { counted, duration, percent, wholeNumber } from "../format.js";
import type { Frames } from "../frames.js";
import type { MapView } from "../map/mapView.js";
import { measureOf } from "../measures.js";
import type { Store } from "../state/store.js";

/** What is known of the cell under the pointer, beside it. */
export function mountTooltip(box: HTMLElement, map: MapView, store: Store, frames: Frames): void {
  const update = (): void => {
    const hovered = map.hovered;
    box.hidden = !hovered;
    if (!hovered) return;
    const { level, cell } = hovered;
    const others = level.otherPlaces[cell]!;
    box.replaceChildren(
      html("strong", {}, level.label[cell] ?? ""),
      html("span", { class: "muted" }, others > 0 ? ` and ${counted(others, "other place")}` : ""),
      facts(level, cell, store, frames),
    );
    const [x, y] = map.camera.project(level.lon[cell]!, level.lat[cell]!);
    const left = Math.max(8, Math.min(map.camera.width - box.offsetWidth - 8, x + 14));
    const below = y + 16 + box.offsetHeight < map.camera.height;
    box.style.transform = `translate(${left}px, ${below ? y + 16 : Math.max(8, y - 16 - box.offsetHeight)}px)`;
  };
  map.listen(update);
  store.listen(update);
}

function facts(level: ReportLevel, cell: number, store: Store, frames: Frames): HTMLElement {
  const { range, measure } = store.state;
  const found = frames.rowOf(level, cell, range);
  const count = found ? found.columns.count[found.row]! : 0;
  const list = html("dl", {});
  const add = (name: string, text: string, chosen: boolean): void => {
    list.append(
      html("dt", { class: chosen ? "chosen" : null }, name),
      html("dd", { class: chosen ? "chosen" : null }, text),
    );
  };
  add("Requests", wholeNumber(count), measure === "requests");
  if (range !== null) {
    const usual = frames.typical(level, cell, range);
    if (!Number.isNaN(usual)) add("Usual then", wholeNumber(usual), measure === "typical");
  }
  if (!found) return list;
  const { columns, row } = found;
  add("Failed", percent(columns.errors[row]! / count), measure === "error_rate");
  for (const name of ["p50", "p95"] as const) {
    const latency = latencyOf(columns[name][row]!);
    if (!Number.isNaN(latency)) add(measureOf(name).label, duration(latency), measure === name);
  }
  if (columns.clients[row]! > 0) add("Clients", wholeNumber(columns.clients[row]!), measure === "clients");
  return list;
}
