/** Bits of what a status means, in a table by status. */
export const ERROR = 1;
export const CLIENT_ERROR = 2;
export const DENIED = 4;
export const STATUSLESS = 8;

/** What each status means, given which are errors: bits by status, length 65,536. */
export function statusFlags(errorStatuses: readonly number[]): Uint8Array {
  const meaning = new Uint8Array(65_536);
  for (const status of errorStatuses) meaning[status]! |= ERROR;
  for (let status = 400; status < 500; status++) meaning[status]! |= CLIENT_ERROR;
  for (const status of [401, 403, 429]) meaning[status]! |= DENIED;
  meaning[0]! |= STATUSLESS;
  return meaning;
}
