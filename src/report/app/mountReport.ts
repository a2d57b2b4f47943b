import type { ReportModel } from "../page/reportModel.js";
import { byId } from "./dom.js";
import { Frames } from "./frames.js";
import type { BaseMap } from "./map/baseMap.js";
import { mountMarks } from "./map/findingMarks.js";
import { mountLegend, mountMeasures } from "./map/legend.js";
import { listenToMap, zoomBy } from "./map/mapInput.js";
import { MapView } from "./map/mapView.js";
import { mountFindings } from "./panels/findingList.js";
import { mountHeader } from "./panels/header.js";
import { mountIncidents } from "./panels/incidentList.js";
import { mountOverview } from "./panels/overviewTiles.js";
import { mountPlaces } from "./panels/placeList.js";
import { mountSearch } from "./panels/placeSearch.js";
import { mountSeverities } from "./panels/severityFilter.js";
import { mountSliceChoice } from "./panels/sliceChoice.js";
import { mountSteering } from "./panels/steeringPanel.js";
import { mountTimeline } from "./panels/time/timeline.js";
import { mountTooltip } from "./panels/tooltip.js";
import { mountDeepLink } from "./state/deepLink.js";
import { goToFinding } from "./state/goToFinding.js";
import { type ReportState, Store } from "./state/store.js";
import { mountTheme } from "./theme.js";

/** A report on the page. */
export interface MountedReport {
  readonly model: ReportModel;
  readonly store: Store;
  readonly map: MapView;
}

/**
 * Puts a report into the page's own markup, which must be as the page was loaded with it.
 *
 * @param onSlice - called when the reader chooses a part of the traffic, or all of it (null)
 * @param signal - ends what listens outside of that markup
 */
export function mountReport(
  model: ReportModel,
  baseMap: BaseMap,
  state: ReportState,
  onSlice: (slice: ReportModel["slice"]) => void,
  signal: AbortSignal,
): MountedReport {
  const store = new Store(state);
  mountTheme(store, signal);
  mountHeader(model);
  mountOverview(byId("overview"), model);
  mountSliceChoice(byId<HTMLSelectElement>("slice"), model, onSlice);
  mountSeverities(byId("severities"), model, store);
  const frames = new Frames(model);
  const mapBox = byId("map");
  const map = new MapView(mapBox, model, store, frames, baseMap);
  mountMeasures(byId("measures"), model, store);
  mountLegend(byId("legend"), map, store);
  mountTooltip(byId("tooltip"), map, store, frames);
  mountSearch(byId("search"), map, model, baseMap);
  mountMarks(byId("marks"), map, model, store);
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
  mountDeepLink(model, store, signal);
  return { model, store, map };
}
