import type { ReportModel } from "../../page/reportModel.js";
import { html } from "../dom.js";
import { wholeNumber } from "../format.js";
import type { BaseMap } from "../map/baseMap.js";
import type { View } from "../map/camera.js";
import type { MapView } from "../map/mapView.js";

const MOST_HITS = 8;
const CITY_ZOOM = 12;

interface Hit {
  readonly name: string;
  readonly note: string;
  readonly view: View;
}

/**
 * A search for a place: those with traffic, by name, the busiest first, then countries of the map. A combobox as the ARIA
 * practices describe it: arrow keys choose, Enter goes there, Escape closes.
 */
export function mountSearch(box: HTMLElement, map: MapView, model: ReportModel, baseMap: BaseMap): void {
  const list = html("ul", { id: "search-hits", role: "listbox", "aria-label": "Places", hidden: true });
  const input = html("input", {
    id: "search-input",
    type: "search",
    role: "combobox",
    placeholder: "Search a place",
    autocomplete: "off",
    spellcheck: "false",
    "aria-label": "Search a place",
    "aria-expanded": "false",
    "aria-controls": list.id,
    "aria-autocomplete": "list",
  });
  box.append(input, list);
  const everything = placesOf(model, baseMap);
  let hits: readonly Hit[] = [];
  let active = 0;
  const show = (): void => {
    list.hidden = input.value.trim() === "";
    input.setAttribute("aria-expanded", String(!list.hidden));
    list.replaceChildren(...(hits.length > 0 ? hits.map(option) : [html("li", { class: "muted" }, "No such place")]));
    if (hits.length > 0 && !list.hidden) input.setAttribute("aria-activedescendant", `hit-${active}`);
    else input.removeAttribute("aria-activedescendant");
  };
  const option = ({ name, note }: Hit, i: number): HTMLElement => {
    const item = html(
      "li",
      { id: `hit-${i}`, role: "option", "aria-selected": String(i === active) },
      html("span", {}, name),
      html("span", { class: "muted" }, note),
    );
    item.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      go(i);
    });
    return item;
  };
  const go = (i: number): void => {
    const hit = hits[i];
    if (!hit) return;
    map.fly(hit.view);
    input.value = "";
    show();
  };
  input.addEventListener("input", () => {
    hits = found(everything, input.value);
    active = 0;
    show();
  });
  input.addEventListener("blur", () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") go(active);
    else if (event.key === "Escape") input.value = "";
    else if (event.key === "ArrowDown") active = Math.min(hits.length - 1, active + 1);
    else if (event.key === "ArrowUp") active = Math.max(0, active - 1);
    else return;
    event.preventDefault();
    show();
  });
}

/** Cells of the finest level by the place they are named after, the busiest first, then the countries of the map. */
function placesOf(model: ReportModel, baseMap: BaseMap): (Hit & { readonly key: string })[] {
  const level = model.levels[model.levels.length - 1];
  const cells = level ? [...level.label.keys()].filter((cell) => level.label[cell] !== "") : [];
  cells.sort((a, b) => level!.total.count[b]! - level!.total.count[a]!);
  const seen = new Set<string>();
  const cities = cells.flatMap((cell) => {
    const name = level!.label[cell]!;
    if (seen.has(name)) return [];
    seen.add(name);
    const view = { lon: level!.lon[cell]!, lat: level!.lat[cell]!, zoom: CITY_ZOOM };
    return [{ name, note: wholeNumber(level!.total.count[cell]!), view, key: folded(name) }];
  });
  const countries = baseMap.places.map(({ name, ...view }) => ({ name, note: "country", view, key: folded(name) }));
  return [...cities, ...countries];
}

/** Those that begin with what is asked come first, then those with a word that does, then those that hold it. */
function found<T extends { readonly key: string }>(places: readonly T[], asked: string): T[] {
  const text = folded(asked.trim());
  if (text === "") return [];
  const rank = ({ key }: T): number =>
    key.startsWith(text) ? 0 : key.includes(` ${text}`) ? 1 : key.includes(text) ? 2 : 3;
  const ranked = places.map((place) => [rank(place), place] as const).filter(([r]) => r < 3);
  return ranked
    .sort(([a], [b]) => a - b)
    .slice(0, MOST_HITS)
    .map(([, place]) => place);
}

/** Without accents and case: "são paulo" is found by "sao". */
function folded(name: string): string {
  return name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
