// Public names of geopivot/browser: what a page does with a cube that was saved. None of it needs Node, and h3-js, whose cells
// the cube has already, is not in it: cells of points, their outlines and statistics are in geopivot/spatial.

export { isGeopivotError } from "./core/errors.js";
export { Cube } from "./cube/cube.js";
export type { CubeMeasure, CubeOptions } from "./cube/cubeOptions.js";
export type { CubeGroups, GroupKeys } from "./cube/segments/segment.js";
export type { RollUpOptions } from "./cube/verbs/rollUpCube.js";
export type { CubeSlice } from "./cube/verbs/sliceCube.js";
export { type DetectOptions, detect } from "./detect/detect.js";
export { type Finding, SEVERITIES, type Severity } from "./detect/finding.js";
export { cellHalves, cellText } from "./grid/cellText.js";
export { countryName } from "./grid/countries.js";
export { greatCircleKm } from "./grid/distance.js";
export { type CompareOptions, compare } from "./pivot/compare/compare.js";
export type { Comparison, RegionChange } from "./pivot/compare/comparison.js";
export { pivot } from "./pivot/pivot.js";
export type { PivotOptions } from "./pivot/pivotOptions.js";
export type { PivotTable } from "./pivot/pivotTable.js";
