/** What is asked for, and which service answers; a request holds the number of its row. */
export const PATHS: readonly { readonly path: string; readonly service: string; readonly method: string }[] = [
  ...["/", "/pricing", "/docs", "/app"].map((path) => ({ path, service: "web", method: "GET" })),
  ...["/app.js", "/style.css", "/logo.svg", "/photo.jpg"].map((path) => ({ path, service: "web", method: "GET" })),
  ...["/v1/items", "/v1/search", "/v1/orders", "/v1/me"].map((path) => ({ path, service: "api", method: "GET" })),
  { path: "/cart", service: "checkout", method: "GET" },
  { path: "/pay", service: "checkout", method: "POST" },
  { path: "/login", service: "checkout", method: "POST" },
  { path: "/v1/sync", service: "api", method: "GET" },
  { path: "/health", service: "web", method: "GET" },
  // Whoever reads everything reads these as well.
  ...Array.from({ length: 200 }, (_, i) => ({ path: `/items/${i + 1}`, service: "web", method: "GET" })),
];

export const FIRST_PAGE = 0;
export const FIRST_ASSET = 4;
export const FIRST_CALL = 8;
export const CART = 12;
export const LOGIN = 14;
export const SYNC = 15;
export const HEALTH = 16;

/** The number of a path; the start page's where there is none such. */
export function pathNumber(path: string | undefined): number {
  return Math.max(
    0,
    PATHS.findIndex((p) => p.path === path),
  );
}
