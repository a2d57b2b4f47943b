import { inertText } from "../../triage/payloads/text/inertText.js";

/** A text as the contents of an SVG element, or the value of an attribute in double quotes. */
export function svgText(value: string, most: number): string {
  const text = inertText(value, most).replace(/&/g, "&amp;").replace(/</g, "&lt;");
  return text.replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

/** A coordinate, to a tenth. */
export const at = (value: number): string => String(Math.round(10 * value) / 10);

/** Points as a path: what is nearer to the last than `apart` is left out. */
export function pathOf(points: readonly (readonly [number, number])[], closed: boolean, apart = 0.4): string {
  let path = "";
  let last: readonly [number, number] | null = null;
  for (const [i, point] of points.entries()) {
    const isNear = last !== null && Math.hypot(point[0] - last[0], point[1] - last[1]) < apart;
    if (isNear && i < points.length - 1) continue;
    path += `${path === "" ? "M" : "L"}${at(point[0])} ${at(point[1])}`;
    last = point;
  }
  return closed && path !== "" ? `${path}Z` : path;
}
