import type { ReportModel } from "../page/reportModel.js";
import { byId } from "./dom.js";
import { Frames } from "./frames.js";
import { BaseMap, type World } from "./map/baseMap.js";
import { mountLegend, mountMeasures } from "./map/legend.js";
import { listenToMap, zoomBy } from "./map/mapInput.js";
import { MapView } from "./map/mapView.js";
import { mountFindings } from "./panels/findingList.js";
import { mountHeader } from "./panels/header.js";
import { mountIncidents } from "./panels/incidentList.js";
import { mountPlaces } from "./panels/placeList.js";
import { mountSeverities } from "./panels/severityFilter.js";
import { mountSteering } from "./panels/steeringPanel.js";
import { mountTimeline } from "./panels/time/timeline.js";
import { mountTooltip } from "./panels/tooltip.js";
import { goToFinding } from "./state/goToFinding.js";
import { type ReportState, Store } from "./state/store.js";
import { mountTheme } from "./theme.js";

/** A report on the page. */
export interface MountedReport {
  readonly model: ReportModel;
  readonly store: Store;
  readonly map: MapView;
}

/** Puts a report into the page's own markup, which must be as the page was loaded with it. */
export function mountReport(model: ReportModel, world: World, state: ReportState, signal: AbortSignal): MountedReport {
  const store = new Store(state);
  mountTheme(store, signal);
  mountHeader(model);
  mountSeverities(byId("severities"), model, store);
  const frames = new Frames(model);
  const mapBox = byId("map");
  const map = new MapView(mapBox, model, store, frames, new BaseMap(world));
  mountMeasures(byId("measures"), model, store);
  mountLegend(byId("legend"), map, store);
  mountTooltip(byId("tooltip"), map, store, frames);
  mountFindings(byId("finding-list"), model, store);
  mountIncidents(byId("incident-list"), model, store);
  mountPlaces(byId("place-list"), map, store, frames);
  if (model.steering) mountSteering(byId("steering"), model.steering, store);
  mountTimeline(model, store);
  listenToMap(mapBox, map, (x, y) => map.hover(map.cellAt(x, y)));
  byId("zoom-in").addEventListener("click", () => zoomBy(map, 1.8));
  byId("zoom-out").addEventListener("click", () => zoomBy(map, 1 / 1.8));
  byId("zoom-home").addEventListener("click", () => map.fly(map.home()));
  byId("nothing-located").hidden = model.levels.length > 0;
  let isMounted = false;
  store.listen(({ finding }, changed) => {
    if (isMounted && changed("finding") && finding !== null) goToFinding(model.findings[finding]!, model, store, map);
    isMounted = true;
  });
  return { model, store, map };
}
