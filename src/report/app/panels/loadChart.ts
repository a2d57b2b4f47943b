import type { ReportSteering } from "../../page/reportModel.js";
import { html, svg } from "../dom.js";
import { caseOf, serverColour } from "../map/steeringLayer.js";
import type { SteeringChoice } from "../state/store.js";

const WIDTH = 320;
const HEIGHT = 120;
const HOURS = 168;
const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** A server's load over the hours of a week, usual and with a server lost, against what it can take. */
export function loadChart(steering: ReportSteering, { server, lost }: SteeringChoice): HTMLElement {
  const { name, capacityRps } = steering.servers[server]!;
  const usual = steering.cases[0]!.loads[server] ?? [];
  const failure = caseOf(steering, lost);
  const then = lost.length === 0 ? null : (failure?.loads[server] ?? null);
  const most = 1.08 * Math.max(1e-9, ...usual, ...(then ?? []), capacityRps ?? 0, failure?.peakRps[server] ?? 0);
  const y = (rps: number): number => HEIGHT - (HEIGHT * rps) / most;
  const line = (loads: readonly number[], className: string): SVGPathElement => {
    const path = svg("path", { d: pathOf(steering.slots, loads, y), class: className, fill: "none" });
    if (className === "load-then") path.style.stroke = serverColour(server);
    return path;
  };
  const days = DAYS.map((day, d) =>
    svg("text", { x: ((d + 0.5) * WIDTH) / 7, y: HEIGHT + 14, "text-anchor": "middle", class: "tick" }, day),
  );
  const limit = capacityRps === null ? "" : `, takes ${rate(capacityRps)}`;
  const peak = failure?.peakRps[server] ?? 0;
  const without = lost.map((one) => steering.servers[one]!.name).join(" and ");
  const isLost = lost.includes(server);
  const amount = isLost ? "none now" : `at most ${rate(peak)}`;
  const label = `Load of ${name} by hour of the week: ${amount}${limit}${without === "" ? "" : `, without ${without}`}`;
  return html(
    "figure",
    { class: "load" },
    html("figcaption", {}, label),
    svg(
      "svg",
      { viewBox: `0 -4 ${WIDTH} ${HEIGHT + 22}`, role: "img", "aria-label": label },
      capacityRps !== null &&
        svg("line", { x1: 0, x2: WIDTH, y1: y(capacityRps), y2: y(capacityRps), class: "capacity" }),
      capacityRps !== null &&
        svg("text", { x: WIDTH, y: y(capacityRps) + 11, "text-anchor": "end", class: "tick" }, "capacity"),
      svg("line", { x1: 0, x2: WIDTH, y1: HEIGHT, y2: HEIGHT, class: "axis" }),
      line(usual, lost.length > 0 ? "load-usual" : "load-then"),
      lost.length > 0 && !then && !isLost && svg("line", { x1: 0, x2: WIDTH, y1: y(peak), y2: y(peak), class: "peak" }),
      then && line(then, "load-then"),
      ...days,
    ),
  );
}

/** A line that breaks where the log tells nothing of an hour. */
function pathOf(slots: readonly number[], loads: readonly number[], y: (rps: number) => number): string {
  return slots
    .map((slot, i) => {
      const isNext = i > 0 && slots[i - 1] === slot - 1;
      return `${isNext ? "L" : "M"}${((slot / HOURS) * WIDTH).toFixed(1)} ${y(loads[i] ?? 0).toFixed(1)}h${(WIDTH / HOURS).toFixed(2)}`;
    })
    .join("");
}

function rate(rps: number): string {
  return `${rps >= 100 ? rps.toFixed(0) : rps.toPrecision(2)} requests/s`;
}
