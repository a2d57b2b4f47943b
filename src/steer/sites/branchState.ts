/** What a branch of the search has decided of a site. */
export const FREE = 0;
export const OPEN = 1;
export const CLOSED = 2;

/** FREE, OPEN or CLOSED for each site. */
export type SiteState = Uint8Array;

export function sitesThatAre(state: SiteState, what: number): number[] {
  const found: number[] = [];
  for (let site = 0; site < state.length; site++) if (state[site] === what) found.push(site);
  return found;
}
