import type { ReportFinding, ReportModel } from "../../page/reportModel.js";
import { chooseMeasure, measuresOf } from "../map/legend.js";
import type { MapView } from "../map/mapView.js";
import type { MeasureId } from "../measures.js";
import type { Store } from "./store.js";
import { rangeOf, timesOf } from "./timeRange.js";

/** Takes the reader to a finding: the map to its place, the clock to its own window, the colours to what it is about. */
export function goToFinding(finding: ReportFinding, model: ReportModel, store: Store, map: MapView): void {
  const view = map.viewOfFinding(finding);
  if (view) map.fly(view);
  store.set({ range: rangeOf(model, finding.startMs, finding.endMs ?? timesOf(model, null)[1]) });
  chooseMeasure(store, model, measureFor(finding, model));
}

function measureFor(finding: ReportFinding, model: ReportModel): MeasureId {
  const wanted: MeasureId =
    finding.kind === "latency-hotspot"
      ? "p95"
      : finding.subtype === "errors"
        ? "error_rate"
        : /drop|surge/.test(finding.subtype)
          ? "typical"
          : "requests";
  return measuresOf(model).includes(wanted) ? wanted : "requests";
}
