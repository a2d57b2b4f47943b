// The one list of public names; a test holds it against a snapshot. One block a room, in the rooms' order. Statistics and
// geometry for their own sake have the entry geopivot/spatial.

// the main job

export { type Analysis, type AnalyzeOptions, analyze } from "./analyze.js";

// core

export type { AddressColumn } from "./core/addressColumn.js";
export { addressText } from "./core/addressColumn.js";
export type { Dictionary } from "./core/dictionary.js";
export { type GeopivotError, isGeopivotError } from "./core/errors.js";
export type { CodeColumn, Events } from "./core/events.js";
export { type NameColumn, nameText } from "./core/nameColumn.js";
export type { Network, NetworkTable } from "./core/networks.js";
export type { PlaceField } from "./core/placeColumns.js";
export type { LocatedPlace, Place, PlaceTable, Precision } from "./core/places.js";
export { Session } from "./core/pools/session.js";

// locate

export { type ClientAddressInput, clientAddress } from "./locate/address/clientAddress.js";
export { pseudonymizeAddresses, type TruncateOptions, truncateAddresses } from "./locate/address/privacy.js";
export { Locator, type Lookup, type ReloadOptions, type WatchOptions } from "./locate/locator.js";
export { type LocatorOptions, openLocator, saveTable } from "./locate/openLocator.js";
export { openRecords, type Records } from "./locate/openRecords.js";
export type { LocatorSources } from "./locate/sources/compileSources.js";
export { type DatabaseSearch, findDatabases } from "./locate/sources/findDatabases.js";
export type { NetworkList } from "./locate/sources/networkList.js";
export type { UserNetwork } from "./locate/sources/userNetworks.js";
export type { LocatorShare } from "./locate/tables/share.js";

// grid

export { type CellOptions, latLngsToCells } from "./grid/latLngsToCells.js";

// read

export type { ColumnLocator } from "./read/columns/eventColumns.js";
export type { FieldNames } from "./read/fields/fieldMap.js";
export { type EventBatches, readBatches } from "./read/readBatches.js";
export { readEvents } from "./read/readEvents.js";
export type { ReadOptions, ReadProgress } from "./read/readOptions.js";
export type { ReadReport, RejectedLine, RejectReason } from "./read/readReport.js";
export { eventsFromObjects, type ObjectOptions } from "./read/records/eventsFromObjects.js";
export { eventsFromTable, type TableLike } from "./read/records/eventsFromTable.js";
export type { LogSource } from "./read/source/openSource.js";
export { type TailOptions, tailFile } from "./read/source/tailFile.js";

// cube

export { Cube, type TopClient } from "./cube/cube.js";
export type { CubeMeasure, CubeOptions } from "./cube/cubeOptions.js";
export type { ArrowOptions } from "./cube/io/cubeToArrow.js";
export type { LoadOptions } from "./cube/io/loadCube.js";
export type { CubePlaces } from "./cube/keys/cubePlaces.js";
export type { PlaceLevel } from "./cube/keys/placeLevel.js";
export type { AnyMeasure, Figure, Measure } from "./cube/measures/measure.js";
export type { Counts } from "./cube/measures/state/stateSchema.js";
export { type SumOptions, sumMeasure } from "./cube/measures/sumMeasure.js";
export { type CubeRead, type ReadCubeOptions, readCube } from "./cube/readCube.js";
export type { CubeGroups, GroupKeys } from "./cube/segments/segment.js";
export type { RollUpOptions } from "./cube/verbs/rollUpCube.js";
export type { CubeSlice } from "./cube/verbs/sliceCube.js";

// pivot

export type { PlaceDimension, PlaceInfo } from "./pivot/attributes/placeAttribute.js";
export { type CompareOptions, compare } from "./pivot/compare/compare.js";
export type {
  ChangeSeverity,
  ComparedMeasure,
  ComparedWindow,
  Comparison,
  RegionChange,
} from "./pivot/compare/comparison.js";
export { pivot } from "./pivot/pivot.js";
export type { PivotOptions } from "./pivot/pivotOptions.js";
export type { PivotTable } from "./pivot/pivotTable.js";
export type { Condition, Where } from "./pivot/where.js";

// explain

export { type ExplainedCause, type ExplainOptions, type Explanation, explain } from "./explain/explain.js";
export type { Against } from "./explain/explainWindow.js";
export {
  type Leaves,
  type Localization,
  type LocalizedCause,
  type LocalizeOptions,
  localize,
} from "./explain/localize.js";

// detect

export { type DetectOptions, detect } from "./detect/detect.js";
export {
  type Cause,
  type Finding,
  type FindingKind,
  type FindingRegion,
  type FindingSeries,
  SEVERITIES,
  type Severity,
} from "./detect/finding.js";
export type { ServerPosition } from "./detect/regional/findSlowForDistance.js";
export type { RegionalOptions } from "./detect/regional/regionalOptions.js";
export type { ExpectedLatency } from "./detect/regional/routing/findMisrouted.js";
export type { LoginRuleOptions } from "./detect/suspicious/logins/loginRule.js";
export type { LoginOptions } from "./detect/suspicious/logins/loginRules.js";
export { SuspiciousDetector } from "./detect/suspicious/suspiciousDetector.js";
export type { SuspiciousOptions } from "./detect/suspicious/suspiciousOptions.js";
export { UserHistory } from "./detect/suspicious/users/userHistory.js";

// triage; all of it is in geopivot/triage

export type {
  Alert,
  AlertAction,
  AlertChange,
  AlertEvent,
  AlertLoss,
  DigestEntry,
  Suppressed,
  SuppressedBy,
} from "./triage/alert.js";
export type { OutageEvents } from "./triage/opinion/outageEvent.js";
export { alertPayload, type PayloadFormat } from "./triage/payloads/alertPayload.js";
export type { PayloadObject, PayloadOptions } from "./triage/payloads/payloadOptions.js";
export { parsePolicy } from "./triage/policy/parsePolicy.js";
export type { Policy } from "./triage/policy/policy.js";
export { type Triage, type TriageOptions, triage } from "./triage/triage.js";
export type { TriageState } from "./triage/triageState.js";

// steer; all of it is in geopivot/steer

export type { ClientPlace, LatencyPrediction } from "./steer/latency/latencyPrediction.js";
export type { LatencySample } from "./steer/latency/samplePairs.js";
export { type LatencyModel, type LatencyModelOptions, latencyModel } from "./steer/latencyModel.js";
export { type NearestOptions, nearestServers, type PlaceLocator } from "./steer/nearest/nearestServers.js";
export type { ServerChoice } from "./steer/nearest/serverRanking.js";
export type { Server } from "./steer/server.js";

// monitor; fleets and health are in geopivot/monitor

export type { ChangeKind, FindingChange } from "./monitor/journal/findingChange.js";
export { type CubeWindow, Monitor, type PushResult } from "./monitor/monitor.js";
export type { MonitorInput, PushOptions } from "./monitor/monitorInput.js";
export type { MonitorOptions } from "./monitor/monitorOptions.js";
