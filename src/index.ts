// The one list of public names; a test holds it against a snapshot. One block a room, in the rooms' order.

// the main job

export { type Analysis, type AnalyzeOptions, analyze } from "./analyze.js";

// core

export { type AddressColumn, addressText } from "./core/addressColumn.js";
export { Dictionary } from "./core/dictionary.js";
export { GeopivotError, isGeopivotError } from "./core/errors.js";
export type { CodeColumn, Events } from "./core/events.js";
export { type NameColumn, nameText } from "./core/nameColumn.js";
export { type Network, NetworkTable } from "./core/networks.js";
export { type LocatedPlace, type Place, PlaceTable, type Precision } from "./core/places.js";
export { parseDurationMs, parseTimeMs } from "./core/time.js";

// stats

export { benjaminiHochberg } from "./stats/benjaminiHochberg.js";
export { DistinctSketch } from "./stats/distinctSketch.js";
export { LogBins } from "./stats/logBins.js";
export {
  type CircularScanOptions,
  circularScan,
  type FlexibleScanOptions,
  flexibleScan,
} from "./stats/scan/clusterScan.js";
export { type ConnectedScanOptions, connectedScan } from "./stats/scan/connectedScan.js";
export type { RegionPoints } from "./stats/scan/neighbourOrder.js";
export type { ScanData } from "./stats/scan/scanInput.js";
export type { ScanCluster, ScanOptions } from "./stats/scan/scanZones.js";
export { type GetisOrd, getisOrd } from "./stats/spatial/getisOrd.js";
export { type LocalMoran, localMoran } from "./stats/spatial/localMoran.js";
export { type Moran, moran } from "./stats/spatial/moran.js";
export { type Adjacency, type SpatialWeights, spatialWeights } from "./stats/spatial/spatialWeights.js";

// locate

export { type ClientAddressInput, clientAddress } from "./locate/address/clientAddress.js";
export { parseAddress, parseAddressBytes } from "./locate/address/parseAddress.js";
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

export { type AdaptiveCellOptions, type AdaptiveCells, adaptiveCells } from "./grid/adaptiveCells.js";
export { type CellAdjacency, cellAdjacency } from "./grid/cellAdjacency.js";
export { cellsAreaKm2, cellsCentroid } from "./grid/cellsArea.js";
export { cellsToGeoJson } from "./grid/cellsToGeoJson.js";
export { cellHalves, cellText } from "./grid/cellText.js";
export { compactCells, expandCells } from "./grid/compactCells.js";
export { type Continent, type Country, countries, country, countryCode, countryName } from "./grid/countries.js";
export { type DenseCells, denseCells } from "./grid/denseCells.js";
export { greatCircleKm, greatCirclesKm, rowsWithinKm, surelyApartKm } from "./grid/distance.js";
export { type CellOptions, latLngsToCellHalves, latLngsToCells } from "./grid/latLngsToCells.js";
export { type CatalogueEntry, readCatalogue } from "./grid/regions/catalogue.js";
export { type CatalogueCheck, type CatalogueProblem, checkCatalogue } from "./grid/regions/checkCatalogue.js";
export { type CountryAtlas, CountryIndex, type MappedCountry } from "./grid/regions/countryIndex.js";
export type { GroupMember } from "./grid/regions/groupMember.js";
export { type GroupDefinitions, type GroupLists, RegionGroups } from "./grid/regions/regionGroups.js";
export {
  type DrawnRegion,
  type FoundRegion,
  type RegionToGeoJsonOptions,
  regionToGeoJson,
} from "./grid/regions/regionToGeoJson.js";
export {
  type RegionLevel,
  type RegionNode,
  type RegionTree,
  type RegionTreeOptions,
  regionTree,
} from "./grid/regions/regionTree.js";
export { type Subdivision, subdivision, subdivisionCode } from "./grid/subdivisions.js";

// read

export { OTHER_VALUES } from "./read/columns/dimensionCodes.js";
export type { ColumnLocator } from "./read/columns/eventColumns.js";
export { eventsFromObjects, type ObjectOptions } from "./read/eventsFromObjects.js";
export { eventsFromTable, type TableLike } from "./read/eventsFromTable.js";
export type { FieldNames } from "./read/fields/fieldMap.js";
export { FORMAT_NAMES } from "./read/format/formats.js";
export { type EventBatches, readBatches } from "./read/readBatches.js";
export { readEvents } from "./read/readEvents.js";
export type { ReadOptions, ReadProgress } from "./read/readOptions.js";
export type { ReadReport, RejectedLine, RejectReason } from "./read/readReport.js";
export type { LogSource } from "./read/source/openSource.js";
export { type TailOptions, tailFile } from "./read/source/tailFile.js";

// cube

export { Cube, type TopClient } from "./cube/cube.js";
export type { CubeMeasure, CubeOptions } from "./cube/cubeOptions.js";
export type { ArrowOptions } from "./cube/io/cubeToArrow.js";
export type { LoadOptions } from "./cube/io/loadCube.js";
export { type CubePlaces, UNLOCATED } from "./cube/keys/cubePlaces.js";
export type { PlaceLevel } from "./cube/keys/placeLevel.js";
export { type CubeRead, type ReadCubeOptions, readCube } from "./cube/readCube.js";
export type { CubeGroups, GroupKeys } from "./cube/segments/segment.js";
export type { RollUpOptions } from "./cube/verbs/rollUpCube.js";
export type { CubeSlice } from "./cube/verbs/sliceCube.js";

// pivot

export type { PlaceDimension } from "./pivot/attributes/attribute.js";
export type { PlaceInfo } from "./pivot/attributes/placeAttribute.js";
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

export {
  type Leaves,
  type Localization,
  type LocalizedCause,
  type LocalizeOptions,
  localize,
} from "./explain/localize.js";

// detect

export { DETECTION_DIMENSIONS, type DetectOptions, detect, orderedFindings } from "./detect/detect.js";
export {
  type Cause,
  type Finding,
  type FindingKind,
  type FindingRegion,
  type FindingSeries,
  SEVERITIES,
  type Severity,
} from "./detect/finding.js";
export {
  type CountOutage,
  type CountOutageOptions,
  countOutages,
  type PlaceCounts,
} from "./detect/regional/countOutages.js";
export { findHotspots } from "./detect/regional/findHotspots.js";
export { findOutages } from "./detect/regional/findOutages.js";
export {
  findSlowForDistance,
  type ServerPosition,
  type SlowForDistanceOptions,
} from "./detect/regional/findSlowForDistance.js";
export type { RegionalOptions } from "./detect/regional/regionalOptions.js";
export { tooLittleHistory, type Unjudged } from "./detect/regional/signals/tooLittleHistory.js";
export { findSuspicious } from "./detect/suspicious/findSuspicious.js";
export type { LoginRuleOptions } from "./detect/suspicious/logins/loginRule.js";
export type { LoginOptions } from "./detect/suspicious/logins/loginRules.js";
export { SuspiciousDetector } from "./detect/suspicious/suspiciousDetector.js";
export type { SuspiciousOptions } from "./detect/suspicious/suspiciousOptions.js";
export { UserHistory } from "./detect/suspicious/users/userHistory.js";
