import type { Shape } from "../../core/options/shape.js";
import { having } from "../../core/options/shapes.js";
import type { ColumnLocator } from "./columnLocator.js";

/** What finds the places of addresses. */
export const LOCATOR: Shape<ColumnLocator> = having(
  "a Locator: await openLocator()",
  "locateColumn",
  "places",
  "networks",
);
