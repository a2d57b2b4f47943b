// Public names of geopivot/spatial: statistics and geometry for their own sake. None of it needs Node.

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
export { type EllipticScanOptions, ellipticScan } from "./stats/scan/ellipticScan.js";
export type { RegionPoints } from "./stats/scan/neighbourOrder.js";
export { type RestrictedScanOptions, restrictedScan } from "./stats/scan/restrictedScan.js";
export type { ScanData } from "./stats/scan/scanInput.js";
export type { ScanCluster, ScanOptions } from "./stats/scan/scanZones.js";
export {
  type SpaceTimeCluster,
  type SpaceTimeData,
  type SpaceTimeScanOptions,
  spaceTimeScan,
} from "./stats/scan/spaceTimeScan.js";
export { type GetisOrd, getisOrd } from "./stats/spatial/getisOrd.js";
export { type LocalMoran, localMoran } from "./stats/spatial/localMoran.js";
export { type Moran, type MoranOptions, moran } from "./stats/spatial/moran.js";
export { type Adjacency, type SpatialWeights, spatialWeights } from "./stats/spatial/spatialWeights.js";

// grid

export { type AdaptiveCellOptions, type AdaptiveCells, adaptiveCells } from "./grid/adaptiveCells.js";
export { type CellAdjacency, cellAdjacency } from "./grid/cellAdjacency.js";
export { cellsAreaKm2, cellsCentroid } from "./grid/cellsArea.js";
export { cellHalves, cellText } from "./grid/cellText.js";
export { compactCells, expandCells } from "./grid/compactCells.js";
export { type Continent, type Country, countries, country, countryCode, countryName } from "./grid/countries.js";
export { type DenseCells, denseCells } from "./grid/denseCells.js";
export { greatCircleKm, greatCirclesKm, rowsWithinKm, surelyApartKm } from "./grid/distance.js";
export { type CellOptions, latLngsToCellHalves, latLngsToCells } from "./grid/latLngsToCells.js";
export { cellsToGeoJson } from "./grid/outlines/cellsToGeoJson.js";
export { type CatalogueEntry, readCatalogue } from "./grid/regions/catalogue.js";
export { type CatalogueCheck, type CatalogueProblem, checkCatalogue } from "./grid/regions/checkCatalogue.js";
export type { CountryAtlas } from "./grid/regions/countryAtlas.js";
export { CountryIndex, type MappedCountry } from "./grid/regions/countryIndex.js";
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

// detect

export type { CountOutage, PlaceOutage } from "./detect/regional/countOutage.js";
export { type CountOutageOptions, countOutages } from "./detect/regional/countOutages.js";
export type { PlaceCounts } from "./detect/regional/placeCounts.js";
