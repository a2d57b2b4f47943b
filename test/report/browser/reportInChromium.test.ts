import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { ReportOptions } from "../../../src/report/page/buildReportModel.js";
import { chromiumPath } from "../../support/chromium.js";
import { alertExample } from "../../triage/alertExample.js";
import { findingExample } from "../findingExample.js";
import { cubeExample, reportExample, SILENT_HOUR } from "../reportExample.js";
import { steeringExample } from "../steeringExample.js";
import { reportPages, settled } from "./reportPages.js";

const told = {
  atMs: alertExample().startMs,
  change: "opened" as const,
  severity: "high" as const,
  title: "Hesse",
  region: "Hesse",
  cells: 1,
  amount: null,
};
const CELLS = "#map canvas:nth-of-type(2)";

describe.skipIf(!chromiumPath)(`the report in Chromium${chromiumPath ? "" : " (skipped: no Chromium found)"}`, () => {
  const example: Partial<ReportOptions> = {};
  const { opened } = reportPages(example);

  test("shows cells, findings and time, and asks no network for anything", () =>
    opened(example, async (page) => {
      expect(await page.locator("button.finding").count()).toBe(3);
      expect(await page.locator("#summary").textContent()).toContain("8 countries");
      expect(await page.locator("#credits").textContent()).toContain("IP Geolocation by DB-IP");
      expect((await ink(page)).count).toBeGreaterThan(200);
      expect(await page.locator("#timeline-chart path.traffic").getAttribute("d")).toMatch(/^M/);
    }));

  test("incidents tell what could be known when, and what was told to whom; their texts are no markup", () => {
    const { findings } = reportExample();
    const title = "<img src=x onerror=alert(1)> down";
    const history = [{ ...told, receivers: ["sre-emea"] }];
    const alerts = [alertExample({ title, findings: [findings[0]!.id], history })];
    return opened({ alerts }, async (page) => {
      await page.locator("#tab-findings").focus();
      await page.keyboard.press("ArrowRight");
      expect(await page.locator("#tab-incidents").getAttribute("aria-selected")).toBe("true");
      expect(await page.locator("#incident-count").textContent()).toBe("1");
      await page.locator("button.incident").click();
      await settled(page);
      const moments = await page.locator(".moments b").allTextContents();
      expect(moments).toEqual(["Told", "Began", "Could be known", "Ended"]);
      expect(await page.locator(".moments .told").textContent()).toContain("opened as high: Hesse → sre-emea");
      expect(await underMiddle(page)).toMatch(/Germany/);
      await page.locator("#incident-list summary").click();
      expect(await page.locator("#incident-list textarea").inputValue()).toMatch(
        /^# ‹img src=x onerror=alert\(1\)&gt; down\n/,
      );
      expect(await page.locator("#incident-list img").count()).toBe(0);
    });
  });

  test("without alerts there is no tab for incidents", () =>
    opened(example, async (page) => {
      expect(await page.locator("#tab-incidents").isVisible()).toBe(false);
      await page.locator("#tab-findings").focus();
      await page.keyboard.press("ArrowRight");
      expect(await page.locator("#tab-places").getAttribute("aria-selected")).toBe("true");
    }));

  test("a click on a finding takes map, time and colours there and opens its evidence", () =>
    opened(example, async (page) => {
      const before = await picture(page);
      await page.locator("button.finding").first().click();
      await settled(page);
      expect(await page.locator("button.finding").first().getAttribute("aria-expanded")).toBe("true");
      expect(await page.locator("li.selected .chart path.observed").getAttribute("d")).toMatch(/^M/);
      expect(await page.locator("li.selected .details > .facts").textContent()).toContain("138");
      expect(await page.locator("#time-slider").inputValue()).toBe(String(2 * SILENT_HOUR));
      expect(await page.locator("#time-label").textContent()).toMatch(/^Wed 4 Mar, 12:00–13:00 UTC/);
      expect(await page.locator("input[name=measure]:checked").inputValue()).toBe("typical");
      expect(await picture(page)).not.toBe(before);
      expect(await underMiddle(page)).toMatch(/Germany/);
      await page.locator("button.finding").nth(1).click();
      await settled(page);
      expect(await underMiddle(page)).toMatch(/Tokyo/);
      expect(await page.locator("input[name=measure]:checked").inputValue()).toBe("p95");
    }));

  test("low findings are listed once they are asked for, and the others can be put away", () =>
    opened(example, async (page) => {
      const listed = () => page.locator("button.finding:visible").count();
      expect(await listed()).toBe(2);
      await page.locator("button.severity.low").click();
      expect(await listed()).toBe(3);
      expect(await page.locator("#timeline-chart .mark").count()).toBe(3);
      await page.locator("button.finding").first().click();
      await page.locator("button.severity.critical").click();
      expect(await listed()).toBe(2);
      expect(await page.locator("li.selected").count()).toBe(0);
      await page.locator("button.severity.high").click();
      await page.locator("button.severity.low").click();
      expect(await page.locator("#finding-list .empty").isVisible()).toBe(true);
    }));

  test("places are listed by the chosen measure and lead there", () =>
    opened(example, async (page) => {
      await page.locator("#tab-places").click();
      await settled(page);
      expect(await page.locator("#finding-list").isVisible()).toBe(false);
      expect(await page.locator("button.place").first().textContent()).toMatch(
        /^London, United Kingdom[\d,]+ requests$/,
      );
      const before = await picture(page);
      await page.locator("button.place", { hasText: "Tokyo" }).click();
      await settled(page);
      expect(await picture(page)).not.toBe(before);
      expect(await underMiddle(page)).toMatch(/Tokyo/);
    }));

  test("another measure recolours the cells and changes the legend", () =>
    opened(example, async (page) => {
      const pictures = new Set([await picture(page)]);
      const measures = await page
        .locator("#measures input")
        .evaluateAll((all) => all.map((i) => i.getAttribute("value")));
      expect(measures).toEqual(["requests", "error_rate", "p50", "p95", "clients", "typical"]);
      for (const measure of measures.slice(1)) {
        await page.locator(`#measures label:has([value=${measure}])`).click();
        await settled(page);
        pictures.add(await picture(page));
      }
      expect(pictures.size).toBe(6);
      expect(await page.locator(".legend-ticks").textContent()).toContain("usual");
    }));

  test("time can be scrubbed by pointer and by keyboard, played, and left for the whole period", () =>
    opened(example, async (page) => {
      const box = (await page.locator("#timeline-chart").boundingBox())!;
      await page.mouse.click(box.x + box.width * 0.5, box.y + 30);
      expect(await page.locator("#time-slider").inputValue()).toBe("96");
      const before = await picture(page);
      await page.locator("#time-slider").focus();
      await page.keyboard.press("ArrowRight");
      await settled(page);
      expect(await page.locator("#time-label").textContent()).toMatch(/Wed 4 Mar, 00:30–01:00 UTC: \d+ requests/);
      expect(await picture(page)).not.toBe(before);
      await page.locator("#play").click();
      await page.waitForFunction(() => Number(document.querySelector<HTMLInputElement>("#time-slider")!.value) > 99);
      await page.locator("#play").click();
      await page.locator("#whole").click();
      expect(await page.locator("#whole").getAttribute("aria-pressed")).toBe("true");
    }));

  test("a drag over the timeline chooses a stretch of time, which its ends, the keyboard and a drag change", () =>
    opened(example, async (page) => {
      const box = (await page.locator("#timeline-chart").boundingBox())!;
      const label = () => page.locator("#time-label").textContent();
      const drag = async (from: number, to: number) => {
        await page.mouse.move(box.x + (box.width * (from + 0.1)) / 192, box.y + 30);
        await page.mouse.down();
        await page.mouse.move(box.x + (box.width * (to + 0.1)) / 192, box.y + 30, { steps: 5 });
        await page.mouse.up();
        await settled(page);
      };
      const whole = await picture(page);
      await drag(96, 107);
      expect(await label()).toMatch(/^Wed 4 Mar, 00:00–06:00 UTC: [\d,]+ requests/);
      expect(await picture(page)).not.toBe(whole);
      await drag(102, 96);
      expect(await label()).toMatch(/^Tue 3 Mar, 21:00 – Wed 4 Mar, 03:00 UTC/);
      await drag(102, 108);
      expect(await label()).toMatch(/^Tue 3 Mar, 21:00 – Wed 4 Mar, 06:00 UTC/);
      await page.locator("#time-slider").focus();
      await page.keyboard.press("Shift+ArrowLeft");
      await page.keyboard.press("ArrowRight");
      expect(await label()).toMatch(/^Tue 3 Mar, 21:30 – Wed 4 Mar, 06:00 UTC/);
      await page.keyboard.press("Escape");
      await settled(page);
      expect(await label()).toMatch(/^Whole period/);
      expect(await picture(page)).toBe(whole);
    }));

  test("everything can be done by keyboard", () =>
    opened(example, async (page) => {
      await page.locator("button.finding").first().focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await settled(page);
      expect(await page.locator("button.finding").nth(1).getAttribute("aria-expanded")).toBe("true");
      await page.locator("#map").focus();
      for (const key of ["ArrowLeft", "ArrowUp", "+", "-", "0"]) {
        const before = await picture(page);
        await page.keyboard.press(key);
        await settled(page);
        expect(await picture(page), key).not.toBe(before);
      }
      await page.locator("[value=requests]").focus();
      await page.keyboard.press("ArrowRight");
      expect(await page.locator("input[name=measure]:checked").inputValue()).toBe("error_rate");
    }));

  test("the wheel zooms about the pointer, a drag moves the map, and a cell tells what it is", () =>
    opened(example, async (page) => {
      const before = await picture(page);
      const box = (await page.locator("#map").boundingBox())!;
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await page.mouse.wheel(0, -600);
      await settled(page);
      const zoomed = await picture(page);
      expect(zoomed).not.toBe(before);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width / 2 + 120, box.y + box.height / 2, { steps: 4 });
      await page.mouse.up();
      await settled(page);
      expect(await picture(page)).not.toBe(zoomed);
      await page.locator("button.finding").nth(1).click();
      await settled(page);
      expect(await underMiddle(page)).toMatch(/Tokyo, Japan[\s\S]*Requests/);
    }));

  test("light and dark follow the system and the button", () =>
    opened(
      example,
      async (page) => {
        const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
        const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        expect(await theme()).toBe("dark");
        const dark = await background();
        await page.locator("#theme").click();
        expect(await theme()).toBe("light");
        expect(await background()).not.toBe(dark);
      },
      { colorScheme: "dark" },
    ));

  test("hostile names are shown as text", () => {
    const hostile = `</script><img src=x onerror=alert(1)>"\u2028`;
    const finding = findingExample({ title: hostile, users: [hostile], dimensions: { [hostile]: hostile } });
    return opened({ title: hostile, cube: cubeExample(() => hostile), findings: [finding] }, async (page) => {
      expect(await page.title()).toContain("<img src=x");
      await page.locator("button.finding").click();
      await settled(page);
      expect(await page.locator(".finding-title").textContent()).toBe(hostile);
      expect(await page.locator("img").count()).toBe(0);
      expect(await underMiddle(page)).toContain("<img src=x");
    });
  });

  test("without findings, without places and without anything, it says so", async () => {
    await opened({ findings: [] }, async (page) => {
      expect(await page.locator("#finding-list").textContent()).toMatch(/No findings[\s\S]*from 8 countries/);
    });
    await opened({ findings: [], cube: null, input: { ...reportExample().input, events: 0 } }, async (page) => {
      expect(await page.locator("#nothing-located").isVisible()).toBe(true);
      expect(await page.locator("#finding-list").textContent()).toContain("no requests");
    });
  });

  test("steering: catchments on the map, a switch that loses a server, its load against capacity", () =>
    opened({ steering: steeringExample() }, async (page) => {
      const cells = (): Promise<string> =>
        page.locator(CELLS).evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
      const measured = await cells();
      await page.click("#tab-steering");
      await settled(page);
      const today = await cells();
      expect(today).not.toBe(measured);
      expect(await page.locator("#measures").isVisible()).toBe(false);
      expect(await page.locator(".steering-servers li").count()).toBe(5);
      await page.getByRole("switch", { name: "Lose fra" }).click();
      await settled(page);
      expect(await cells()).not.toBe(today);
      expect(await page.locator(".steering-told").textContent()).toMatch(/^Without fra: \d/);
      expect(await page.getByRole("switch", { name: "Lose fra" }).getAttribute("aria-checked")).toBe("true");
      await page.getByRole("button", { name: /^lhr/ }).click();
      expect(await page.locator(".load figcaption").textContent()).toMatch(/^Load of lhr.*without fra$/);
      expect(await page.locator(".load .capacity").count()).toBe(1);
      const one = await cells();
      await page.getByRole("switch", { name: "Lose lhr" }).click();
      await settled(page);
      expect(await cells()).not.toBe(one);
      expect(await page.locator(".steering-told").textContent()).toMatch(
        /^Without fra and lhr: |^Without lhr and fra: /,
      );
      expect(await page.locator(".lose:disabled").count()).toBe(3); // no more than two were looked at
      await page.getByRole("switch", { name: "Lose lhr" }).click();
      await page.getByRole("switch", { name: "Lose fra" }).click();
      await settled(page);
      expect(await cells()).toBe(today);
      await page.click("#tab-places");
      await settled(page);
      expect(await cells()).toBe(measured);
      expect(await page.locator("#measures").isVisible()).toBe(true);
    }));

  test("fits a phone, where a finding's place stays in view", () =>
    opened(
      example,
      async (page) => {
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
        await page.locator("button.finding").first().tap();
        await settled(page);
        const box = (await page.locator("#map").boundingBox())!;
        expect(box.y + box.height).toBeGreaterThan(100);
        expect(box.y).toBeGreaterThanOrEqual(0);
      },
      { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
    ));
});

/** The cells' canvas as text, to see whether it changed. */
function picture(page: Page): Promise<string> {
  return page.locator(CELLS).evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
}

interface Ink {
  /** How many pixels of the cells' canvas are coloured. */
  readonly count: number;
  /** A point of the page inside the cell that is nearest to the middle of the map. */
  readonly x: number;
  readonly y: number;
}

function ink(page: Page): Promise<Ink> {
  return page.locator(CELLS).evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true })!;
    copy.drawImage(canvas, 0, 0);
    const { data, width, height } = copy.getImageData(0, 0, canvas.width, canvas.height);
    let best = { distance: Number.POSITIVE_INFINITY, dx: 0, dy: 0 };
    let count = 0;
    for (let i = 0; i < data.length / 4; i++) {
      if (data[4 * i + 3]! < 60) continue;
      count++;
      const [dx, dy] = [(i % width) - width / 2, Math.floor(i / width) - height / 2];
      const distance = Math.hypot(dx, dy);
      if (distance < best.distance) best = { distance, dx, dy };
    }
    const { left, top } = canvas.getBoundingClientRect();
    const further = 1 + 6 / Math.max(best.distance, 1); // from the cell's edge to its inside
    return { count, x: left + width / 2 + best.dx * further, y: top + height / 2 + best.dy * further };
  });
}

/** Points at the cell that is nearest to the middle of the map and reads its tooltip. */
async function underMiddle(page: Page): Promise<string> {
  const { x, y } = await ink(page);
  await page.mouse.move(x, y);
  await settled(page);
  return (await page.locator("#tooltip").textContent()) ?? "";
}
