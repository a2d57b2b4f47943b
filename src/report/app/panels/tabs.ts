import { byId } from "../dom.js";

/** Lists share the panel: arrow keys go from one tab to the next. Tabs that are hidden are left out. */
export function mountTabs(onShow: () => void): void {
  const all = document.querySelectorAll<HTMLButtonElement>('#findings-panel [role="tab"]');
  const tabs = [...all].filter((tab) => !tab.hidden);
  const show = (chosen: HTMLButtonElement): void => {
    for (const tab of tabs) {
      tab.setAttribute("aria-selected", String(tab === chosen));
      tab.tabIndex = tab === chosen ? 0 : -1;
      byId(tab.getAttribute("aria-controls")!).hidden = tab !== chosen;
    }
    onShow();
  };
  for (const [i, tab] of tabs.entries()) {
    tab.addEventListener("click", () => show(tab));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (step === undefined) return;
      const other = tabs[(i + step + tabs.length) % tabs.length]!;
      show(other);
      other.focus();
    });
  }
}
