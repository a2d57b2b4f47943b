import { byId } from "./dom.js";
import type { Theme } from "./map/palette.js";
import type { Store } from "./state/store.js";

/** The theme that the reader's system prefers. */
export function preferredTheme(): Theme {
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/**
 * Follows the system until the reader presses the button.
 *
 * @param signal - ends it
 */
export function mountTheme(store: Store, signal: AbortSignal): void {
  const button = byId("theme");
  let chosen = false;
  button.addEventListener("click", () => {
    chosen = true;
    store.set({ theme: store.state.theme === "dark" ? "light" : "dark" });
  });
  const follow = (): void => {
    if (!chosen) store.set({ theme: preferredTheme() });
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", follow, { signal });
  store.listen(({ theme }) => {
    document.documentElement.dataset.theme = theme;
    button.setAttribute("aria-label", theme === "dark" ? "Use light colours" : "Use dark colours");
  });
}
