import { byId } from "./dom.js";
import type { Theme } from "./map/palette.js";
import type { Store } from "./store.js";

/** The theme that the reader's system prefers. */
export function preferredTheme(): Theme {
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** Follows the system until the reader presses the button. */
export function mountTheme(store: Store): void {
  const button = byId("theme");
  let chosen = false;
  button.addEventListener("click", () => {
    chosen = true;
    store.set({ theme: store.state.theme === "dark" ? "light" : "dark" });
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    if (!chosen) store.set({ theme: preferredTheme() });
  });
  store.listen(({ theme }) => {
    document.documentElement.dataset.theme = theme;
    button.setAttribute("aria-label", theme === "dark" ? "Use light colours" : "Use dark colours");
  });
}
