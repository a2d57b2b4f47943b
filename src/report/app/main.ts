import { byId } from "./dom.js";
import { Frames } from "./frames.js";
import { goToFinding } from "./goToFinding.js";
import { loadReport } from "./loadReport.js";
import { BaseMap } from "./map/baseMap.js";
import { mountLegend, mountMeasures } from "./map/legend.js";
import { listenToMap, zoomBy } from "./map/mapInput.js";
import { MapView } from "./map/mapView.js";
import { mountFindings } from "./panels/findingList.js";
import { mountHeader } from "./panels/header.js";
import { mountPlaces } from "./panels/placeList.js";
import { mountSeverities } from "./panels/severityFilter.js";
import { mountSteering } from "./panels/steeringPanel.js";
import { mountTimeline } from "./panels/timeline.js";
import { mountTooltip } from "./panels/tooltip.js";
import { SHOWN_AT_FIRST } from "./severity.js";
import { Store } from "./store.js";
import { mountTheme, preferredTheme } from "./theme.js";

async function start(): Promise<void> {
  const { model, world } = await loadReport();
  const store = new Store({
    measure: "requests",
    frame: null,
    finding: null,
    theme: preferredTheme(),
    severities: SHOWN_AT_FIRST,
    steering: null,
  });
  mountTheme(store);
  mountHeader(model);
  mountSeverities(byId("severities"), model, store);
  const frames = new Frames(model);
  const mapBox = byId("map");
  const map = new MapView(mapBox, model, store, frames, new BaseMap(world));
  mountMeasures(byId("measures"), model, store);
  mountLegend(byId("legend"), map, store);
  mountTooltip(byId("tooltip"), map, store, frames);
  mountFindings(byId("finding-list"), model, store);
  mountPlaces(byId("place-list"), map, store, frames);
  if (model.steering) mountSteering(byId("steering"), model.steering, store);
  mountTimeline(model, store);
  listenToMap(mapBox, map, (x, y) => map.hover(map.cellAt(x, y)));
  byId("zoom-in").addEventListener("click", () => zoomBy(map, 1.8));
  byId("zoom-out").addEventListener("click", () => zoomBy(map, 1 / 1.8));
  byId("zoom-home").addEventListener("click", () => map.fly(map.home()));
  byId("nothing-located").hidden = model.levels.length > 0;
  store.listen(({ finding }, changed) => {
    if (changed("finding") && finding !== null) goToFinding(model.findings[finding]!, model, store, map);
  });
  document.documentElement.dataset.ready = "true";
}

start().catch((error: unknown) => {
  const notice = byId("failed");
  notice.hidden = false;
  notice.textContent = `This report cannot be shown: ${error instanceof Error ? error.message : String(error)}`;
  throw error;
});
