import { errorKind } from "../../core/errors.js";

/** What callers of the suspicious-traffic detectors can get wrong. */
export const suspiciousError = errorKind<{
  "bad-coordinates": { place: string; lat: number; lon: number };
  "bad-option": { option: string; value: string; want: string };
  "bad-user-store": { why: string };
}>({
  "bad-coordinates": (d) => `${d.place} lies at latitude ${d.lat}, longitude ${d.lon}: there is no such point on Earth`,
  "bad-option": (d) => `${d.option} is ${d.value}, expected ${d.want}`,
  "bad-user-store": (d) => `not a saved user store: ${d.why}`,
});
