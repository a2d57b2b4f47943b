import type { ReportFinding, ReportModel } from "../page/reportModel.js";
import { chooseMeasure, measuresOf } from "./map/legend.js";
import type { MapView } from "./map/mapView.js";
import type { MeasureId } from "./measures.js";
import type { Store } from "./store.js";

/** Takes the reader to a finding: the map to its place, time to its worst moment, the colours to what it is about. */
export function goToFinding(finding: ReportFinding, model: ReportModel, store: Store, map: MapView): void {
  const view = map.viewOfFinding(finding);
  if (view) map.fly(view);
  const last = model.timeline.count.length - 1;
  const frame = Math.floor((worstMoment(finding) - model.originMs) / model.frameMs);
  store.set({ frame: Math.max(0, Math.min(last, frame)) });
  chooseMeasure(store, model, measureFor(finding, model));
}

/** The middle of the bucket within the finding that is furthest from what was expected; its start without a series. */
export function worstMoment(finding: ReportFinding): number {
  const { series, startMs } = finding;
  if (!series) return startMs;
  const end = finding.endMs ?? Number.POSITIVE_INFINITY;
  let worst = startMs;
  let furthest = -1;
  series.timeMs.forEach((time, i) => {
    const distance = Math.abs((series.observed[i] ?? Number.NaN) - (series.expected[i] ?? Number.NaN));
    if (time + series.bucketMs <= startMs || time >= end || !(distance > furthest)) return;
    furthest = distance;
    worst = time + series.bucketMs / 2;
  });
  return worst;
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
