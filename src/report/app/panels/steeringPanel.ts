import type { ReportSteering } from "../../page/reportModel.js";
import { byId, html } from "../dom.js";
import { caseOf, serverColour, serversShown } from "../map/steeringLayer.js";
import type { SteeringChoice, Store } from "../state/store.js";
import { loadChart } from "./loadChart.js";

/** The steering tab: today's or the better catchments on the map, switches that lose servers, loads against capacity. */
export function mountSteering(box: HTMLElement, steering: ReportSteering, store: Store): void {
  const busiest = peaks(steering, []).reduce((best, peak, s, all) => (peak > all[best]! ? s : best), 0);
  let choice: SteeringChoice = { view: "today", lost: [], server: busiest };
  const choose = (patch: Partial<SteeringChoice>): void => {
    choice = { ...choice, ...patch };
    store.set({ steering: choice });
  };
  const views = viewButtons((view) => choose({ view }));
  const told = html("p", { class: "steering-told", role: "status" });
  const list = serverList(steering, choose, (server) => choose({ lost: toggled(choice.lost, server) }));
  const chart = html("div", { class: "steering-chart" });
  box.append(views.element, told, list.element, chart);
  store.listen(({ steering: shown }, changed) => {
    if (!changed("steering") || shown === null) return;
    views.show(shown.view);
    told.replaceChildren(sentence(steering, shown));
    list.show(shown);
    chart.replaceChildren(loadChart(steering, shown));
  });
  const watch = (): void => {
    for (const id of ["measures", "legend", "timeline"]) byId(id).classList.toggle("put-aside", !box.hidden);
    store.set({ steering: box.hidden ? null : choice });
  };
  new MutationObserver(watch).observe(box, { attributes: true, attributeFilter: ["hidden"] });
}

function viewButtons(onChoose: (view: SteeringChoice["view"]) => void) {
  const views = [
    ["today", "Today"],
    ["planned", "Plan"],
  ] as const;
  const buttons = views.map(([view, label]) => {
    const button = html("button", { type: "button", "aria-pressed": "false" }, label);
    button.addEventListener("click", () => onChoose(view));
    return button;
  });
  return {
    element: html("div", { class: "steering-views", role: "group", "aria-label": "Catchments" }, ...buttons),
    show: (chosen: SteeringChoice["view"]) => {
      for (const [i, [view]] of views.entries()) buttons[i]!.setAttribute("aria-pressed", String(view === chosen));
    },
  };
}

/** A row a server: its colour and name (shows its load), its share, its peak over its capacity, a switch that loses it. */
function serverList(
  steering: ReportSteering,
  choose: (patch: Partial<SteeringChoice>) => void,
  toggle: (server: number) => void,
) {
  const rows = steering.servers.map(({ name }, s) => {
    const swatch = html("span", { class: "swatch" });
    swatch.style.background = serverColour(s);
    const value = html("span", { class: "value" });
    const button = html("button", { type: "button", class: "place" }, swatch, html("span", {}, name), value);
    button.addEventListener("click", () => choose({ server: s }));
    const lose = html("button", {
      type: "button",
      role: "switch",
      class: "lose",
      "aria-checked": "false",
      "aria-label": `Lose ${name}`,
    });
    lose.addEventListener("click", () => toggle(s));
    return { element: html("li", {}, button, lose), button, lose, value };
  });
  return {
    element: html(
      "ol",
      { class: "places steering-servers", "aria-label": "Servers" },
      ...rows.map((row) => row.element),
    ),
    show: (choice: SteeringChoice) => {
      const shares = sharesOf(steering, choice);
      const top = peaks(steering, choice.lost);
      rows.forEach(({ button, lose, value }, s) => {
        const isLost = choice.lost.includes(s);
        lose.disabled = !isLost && caseOf(steering, toggled(choice.lost, s)) === undefined;
        button.setAttribute("aria-pressed", String(choice.server === s));
        lose.setAttribute("aria-checked", String(isLost));
        const limit = steering.servers[s]!.capacityRps;
        const full = limit === null || limit === 0 ? "" : `, peak ${percent(top[s]! / limit)}`;
        value.textContent = isLost ? "lost" : `${percent(shares[s]!)}${full}`;
      });
    },
  };
}

function sentence(steering: ReportSteering, choice: SteeringChoice): string {
  const names = choice.lost.map((server) => steering.servers[server]!.name);
  if (names.length > 0) return `Without ${names.join(" and ")}: ${caseOf(steering, choice.lost)!.told}`;
  const better = steering.planned;
  const total = steering.rps.reduce((sum, rps) => sum + rps, 0);
  const elsewhere = steering.rps.reduce((sum, rps, cell) => sum + (better[cell] === steering.today[cell] ? 0 : rps), 0);
  const share = percent(total > 0 ? elsewhere / total : 0);
  return choice.view === "today"
    ? `Who serves whom in the log. ${share} of requests are led elsewhere by the plan.`
    : `Every place with the fastest server that has room for it: ${share} of requests change theirs. ${steering.cases[0]!.told}`;
}

/** Share of all requests that each server has in what is shown. */
function sharesOf(steering: ReportSteering, choice: SteeringChoice): number[] {
  const sums = steering.servers.map(() => 0);
  serversShown(steering, choice).forEach((server, cell) => {
    if (server >= 0) sums[server]! += steering.rps[cell]!;
  });
  const total = steering.rps.reduce((sum, rps) => sum + rps, 0) || 1;
  return sums.map((rps) => rps / total);
}

/** The most that each server gets in an hour by the plan. */
function peaks(steering: ReportSteering, lost: readonly number[]): number[] {
  return caseOf(steering, lost)!.peakRps.map((rps) => rps ?? 0);
}

function toggled(lost: readonly number[], server: number): number[] {
  const next = lost.includes(server) ? lost.filter((one) => one !== server) : [...lost, server];
  return next.sort((a, b) => a - b);
}

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.0995 && share > 0 ? 1 : 0)}%`;
