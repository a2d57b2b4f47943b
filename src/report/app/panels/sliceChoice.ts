import type { ReportModel } from "../../page/reportModel.js";
import { html } from "../dom.js";
import { shortNumber } from "../format.js";
import { words } from "../severity.js";

/** The choice of what part of the traffic is shown: all, or that of one service, version, provider … */
export function mountSliceChoice(
  select: HTMLSelectElement,
  { slices, slice }: ReportModel,
  onSlice: (slice: ReportModel["slice"]) => void,
): void {
  select.hidden = slices.length === 0;
  select.append(html("option", { value: "" }, "All traffic"));
  const dimensions = [...new Set(slices.map(({ dimension }) => dimension))];
  for (const dimension of dimensions) {
    const options = slices.flatMap((one, i) =>
      one.dimension === dimension
        ? [html("option", { value: i }, `${one.value || `no ${words(dimension)}`} (${shortNumber(one.requests)})`)]
        : [],
    );
    select.append(html("optgroup", { label: words(dimension) }, ...options));
  }
  const chosen = slices.findIndex(({ dimension, value }) => dimension === slice?.dimension && value === slice.value);
  select.value = chosen < 0 ? "" : String(chosen);
  select.classList.toggle("narrowed", chosen >= 0);
  select.addEventListener("change", () => onSlice(select.value === "" ? null : slices[Number(select.value)]!));
}
