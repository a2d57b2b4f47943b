import type { Cube } from "../cube/cube.js";
import type { Finding } from "./finding.js";

/** Stands for `surgeCauses.ts` where a page has saved cubes: findings that it is given were told their causes already. */
export function withSurgeCauses(_cube: Cube, findings: readonly Finding[]): Finding[] {
  return [...findings];
}
