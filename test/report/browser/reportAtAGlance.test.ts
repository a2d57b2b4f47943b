import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { analyze } from "../../../src/analyze.js";
import type { ReportOptions } from "../../../src/report/page/buildReportModel.js";
import { chromiumPath } from "../../support/chromium.js";
import { SILENT_HOUR } from "../reportExample.js";
import { steeringExample } from "../steeringExample.js";
import { reportPages, settled } from "./reportPages.js";

const AXE = readFileSync("node_modules/axe-core/axe.min.js", "utf8");
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } as const;

describe.skipIf(!chromiumPath)(`the report at a glance${chromiumPath ? "" : " (skipped: no Chromium found)"}`, () => {
  const example: Partial<ReportOptions> = {};
  const { opened } = reportPages(example);
  let sample: Promise<Partial<ReportOptions>> | undefined;

  /** The report of the demo's log. */
  function demo(): Promise<Partial<ReportOptions>> {
    sample ??= analyze("data/sample.ndjson.gz").then(({ cube, findings }) => {
      const events = cube.groups.count.reduce((sum, count) => sum + count, 0);
      const span = { fromMs: cube.firstTimeMs, toMs: cube.lastTimeMs };
      return { cube, findings, input: { files: [], events, rejected: 0, unlocated: 0, ...span } };
    });
    return sample;
  }

  test("the demo's report shows seven findings ringed in the colour of their severity, without a click", async () => {
    await opened(await demo(), async (page) => {
      const rings = await page.locator(".pin:not([hidden])").evaluateAll((pins) =>
        pins.map((pin) => {
          const ring = pin.querySelector(".tone")!;
          const { left, right, top, bottom } = ring.getBoundingClientRect();
          const map = document.getElementById("map")!.getBoundingClientRect();
          return {
            colour: getComputedStyle(ring).stroke,
            isSeen: right - left > 15 && left > map.left && right < map.right && top > map.top && bottom < map.bottom,
            isNamed: getComputedStyle(pin.querySelector(".pin-label")!).visibility === "visible",
          };
        }),
      );
      expect(rings.map(({ isSeen }) => isSeen)).toEqual(Array(7).fill(true));
      expect(rings.filter(({ isNamed }) => isNamed)).toHaveLength(7);
      expect(rings.map(({ colour }) => colour)).toEqual([
        ...Array(3).fill("rgb(163, 18, 42)"),
        ...Array(4).fill("rgb(194, 65, 12)"),
      ]);
      const labels = await page.locator(".pin-label").allTextContents();
      expect(labels).toContain("Germany −93%");
      expect(await page.locator(".finding").nth(1).textContent()).toMatch(/10:30–11:25.*55 min.*96 clients/);
    });
  });

  test("a finding about a whole country fills the country, under the cells", () =>
    opened(example, async (page) => {
      const tinted = (): Promise<number> =>
        page.locator("#map canvas:nth-of-type(2)").evaluate((element) => {
          const { width, height } = element as HTMLCanvasElement;
          const copy = new OffscreenCanvas(width, height).getContext("2d")!;
          copy.drawImage(element as HTMLCanvasElement, 0, 0);
          const { data } = copy.getImageData(0, 0, width, height);
          let count = 0;
          for (let i = 3; i < data.length; i += 4) if (data[i]! > 25 && data[i]! < 60) count++;
          return count;
        });
      const filled = await tinted();
      expect(filled).toBeGreaterThan(200);
      for (const name of ["critical", "high"]) await page.locator(`button.severity.${name}`).click();
      await settled(page);
      expect(await tinted()).toBeLessThan(filled / 3); // what is left are edges of cells
      expect(await page.locator(".pin:not([hidden])").count()).toBe(0);
    }));

  test("list and map point at each other, by pointer and by keyboard", () =>
    opened(example, async (page) => {
      await page.locator("button.finding").nth(1).hover();
      expect(await page.locator(".pin.pointed").getAttribute("aria-label")).toContain("Latency in Japan");
      await page.locator(".pin .pin-label", { hasText: "Germany" }).hover();
      expect(await page.locator(".findings li.pointed").textContent()).toContain("Germany");
      await page.locator("#map").focus();
      await page.keyboard.press("Tab");
      expect(await focusedLabel(page)).toContain("Germany");
      await page.keyboard.press("ArrowRight");
      expect(await focusedLabel(page)).toContain("Japan");
      await page.keyboard.press("Enter");
      await settled(page);
      expect(await page.locator("button.finding").nth(1).getAttribute("aria-expanded")).toBe("true");
      expect(await page.locator(".pin.selected").getAttribute("aria-pressed")).toBe("true");
    }));

  test("the address names what is chosen, and an address opens it", async () => {
    await opened(example, async (page) => {
      await page.locator("button.finding").nth(1).click();
      expect(new URL(page.url()).hash).toBe("#finding=slow-1");
      await page.locator("button.finding").nth(1).click();
      await page.locator("#whole").click();
      expect(new URL(page.url()).hash).toBe("");
    });
    await opened(
      example,
      async (page) => {
        expect(await page.locator("button.finding[aria-expanded=true]").textContent()).toContain("412 failed logins");
        await page.evaluate(() => {
          location.hash = "#from=2026-03-03T00:00:00Z&to=2026-03-03T06:00:00Z";
        });
        await settled(page);
        expect(await page.locator("#time-label").textContent()).toMatch(/^Tue 3 Mar, 00:00–06:00 UTC/);
      },
      { hash: "#finding=stuffing-1" },
    );
    await opened(example, async (page) => expect(await page.locator("li.selected").count()).toBe(0), {
      hash: "#finding=%3Cimg%20src=x%3E&from=x",
    });
  });

  test("a finding is copied as text or as a link", () =>
    opened(
      example,
      async (page) => {
        await page.locator("button.finding").first().click();
        const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
        await page.getByRole("button", { name: "Copy as text" }).click();
        await page.getByText("Copied").waitFor();
        const text = await clipboard();
        expect(text).toMatch(/^\[critical\] Traffic from Germany/);
        expect(text).toMatch(/Wed 4 Mar, 12:00–13:00 UTC, 1 h\nrequests: 10, expected 138; \d+ clients/);
        await page.getByRole("button", { name: "Copy link" }).click();
        await expect.poll(clipboard).toMatch(/^file:.*report\.html#finding=/);
      },
      { permissions: ["clipboard-read", "clipboard-write"] },
    ));

  test("traffic that fell silent is drawn in a colour of its own, the darkest", () =>
    opened(example, async (page) => {
      await page.locator("button.finding").first().click();
      await page.locator("#legend .legend-silent").waitFor();
      expect(await page.locator("#time-slider").inputValue()).toBe(String(2 * SILENT_HOUR));
      expect(await page.locator("#legend").textContent()).toContain("none");
    }));

  test("a place is found by the beginning of its name, whatever its accents, and the map goes there", () =>
    opened(example, async (page) => {
      const input = page.locator("#search-input");
      await input.fill("sao");
      expect(await page.locator("#search-hits li").first().textContent()).toContain("São Paulo");
      expect(await input.getAttribute("aria-activedescendant")).toBe("hit-0");
      await input.fill("münch");
      await input.press("ArrowDown");
      await input.press("Enter");
      await settled(page);
      expect(await input.inputValue()).toBe("");
      expect(await page.locator("#search-hits").isHidden()).toBe(true);
      await page.locator("#map").focus();
      await page.keyboard.press("+");
      await input.fill("<img src=x>");
      expect(await page.locator("#search-hits").textContent()).toBe("No such place");
    }));

  test("one service alone: its cells, its time, its findings", async () => {
    const options = await demo();
    const findings = [...options.findings!];
    findings[0] = { ...findings[0]!, dimensions: { service: "api" } };
    await opened({ ...options, findings }, async (page) => {
      const choice = page.locator("#slice");
      const peak = () => page.locator("#timeline-chart .peak").textContent();
      const before = await peak();
      const labels = await choice.locator("option").allTextContents();
      expect(labels[0]).toBe("All traffic");
      const web = labels.findIndex((label) => label.startsWith("web "));
      await choice.selectOption({ index: web });
      await settled(page);
      expect(await peak()).not.toBe(before);
      expect(await page.locator("button.finding:visible").count()).toBe(6);
      expect(await page.locator("#slice").evaluate((select) => (select as HTMLSelectElement).selectedIndex)).toBe(web);
      await page.locator("#slice").selectOption("");
      await settled(page);
      expect(await peak()).toBe(before);
    });
  });

  test("at 390 pixels nothing covers the map but what findings are called, and that no land with findings", async () => {
    await opened(
      await demo(),
      async (page) => {
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
        expect(await page.locator(".pin:not([hidden])").count()).toBe(7);
        const covering = await page.evaluate(() => {
          const map = document.getElementById("map")!;
          const { left, top, right, bottom } = map.getBoundingClientRect();
          const names = new Set<string>();
          for (let x = left + 2; x < right; x += 4)
            for (let y = top + 2; y < bottom; y += 4) {
              const element = document.elementFromPoint(x, y)!;
              if (!map.contains(element)) names.add(element.id || element.tagName);
            }
          const rings = [...document.querySelectorAll(".pin .tone")].map((ring) => ring.getBoundingClientRect());
          for (const label of document.querySelectorAll(".pin-label")) {
            if (getComputedStyle(label).visibility === "hidden") continue;
            const box = label.getBoundingClientRect();
            for (const ring of rings) {
              const [x, y] = [(ring.left + ring.right) / 2, (ring.top + ring.bottom) / 2];
              if (x > box.left && x < box.right && y > box.top && y < box.bottom) names.add(label.textContent!);
            }
          }
          return [...names];
        });
        expect(covering).toEqual([]);
      },
      PHONE,
    );
  });

  const VIEWS = [
    ["light", { colorScheme: "light" }],
    ["dark", { colorScheme: "dark" }],
    ["a phone", { ...PHONE }],
    ["more contrast", { contrast: "more" }],
  ] as const;
  test.each(VIEWS)("axe finds nothing serious: %s", { timeout: 240_000 }, (_, context) =>
    opened(
      { steering: steeringExample() },
      async (page) => {
        await page.evaluate(AXE);
        expect(await violations(page)).toEqual([]);
        await page.locator("button.finding").first().click();
        await page.locator("#search-input").fill("ger");
        await settled(page);
        expect(await violations(page)).toEqual([]);
        for (const tab of ["places", "steering"]) {
          await page.locator(`#tab-${tab}`).click();
          await settled(page);
          expect(await violations(page), tab).toEqual([]);
        }
      },
      context,
    ),
  );
});

/** What axe finds serious or critical, of WCAG 2.2 A and AA and its best practices. */
function violations(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
    const { violations: found } = await axe.run({
      resultTypes: ["violations"],
      rules: { "target-size": { enabled: true } },
    });
    return found
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, nodes }) =>
        nodes.map((node) => `${id}: ${node.html.slice(0, 120)} ${node.failureSummary?.slice(0, 160)}`),
      );
  });
}

function focusedLabel(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "");
}
