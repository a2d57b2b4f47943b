const MAX_SEGMENTS = 24;

/** What a segment that names one thing out of many looks like: numbers, UUIDs, ULIDs, hashes, tokens, e-mail addresses. */
const IDENTIFIER =
  /^(?:\d+|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9A-HJKMNP-TV-Z]{26}|(?=[a-z]*\d)[0-9a-f]{8,}|[^@/]+@[^@/]+\.[^@/]+|(?=.*\d)[A-Za-z0-9_-]{20,}|\d[\d.,:_-]*\d|[a-z]{1,4}[_-]?\d{4,})$/i;

/**
 * The route that a path belongs to: its segments with the identifiers replaced, `/users/{id}/orders` for
 * `/users/123/orders`. An extension stays (`/img/{id}.png`); `v1` is a version and stays.
 */
export function routeOf(path: string): string {
  if (!/\d|@/.test(path) && path.length < 256) return path;
  const segments = path.split("/");
  const kept = segments.slice(0, MAX_SEGMENTS).map((segment) => {
    if (segment === "" || !/\d|@/.test(segment)) return segment;
    if (isIdentifier(segment)) return "{id}";
    const dot = segment.lastIndexOf(".");
    if (dot > 0 && segment.length - dot <= 6 && isIdentifier(segment.slice(0, dot))) return `{id}${segment.slice(dot)}`;
    return segment;
  });
  return segments.length > MAX_SEGMENTS ? `${kept.join("/")}/{more}` : kept.join("/");
}

function isIdentifier(segment: string): boolean {
  return IDENTIFIER.test(segment) || segment.length > 64;
}
