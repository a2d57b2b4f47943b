/**
 * Makes the pictures of the README and of docs: analyses the sample log, opens the report and takes
 * docs/images/report-{light,dark,phone,finding}.png.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { BrowserContextOptions } from "playwright-core";
import { launchChromium } from "../test/support/chromium.js";

const REPORT = "out/report.html";
const IMAGES = "docs/images";
const LARGEST_BYTES = 400_000;
const DESK = { width: 1440, height: 900 };
const PICTURES: readonly Picture[] = [
  { name: "light", viewport: DESK, colorScheme: "light" },
  { name: "dark", viewport: DESK, colorScheme: "dark" },
  { name: "finding", viewport: DESK, colorScheme: "light", chosen: /Germany down/ },
  { name: "phone", viewport: { width: 390, height: 844 }, colorScheme: "light", isMobile: true, hasTouch: true },
];

interface Picture extends BrowserContextOptions {
  readonly name: string;
  /** The finding that it shows, by its title; none is selected without. */
  readonly chosen?: RegExp;
}

execFileSync(process.execPath, ["dist/cli.js", "analyze", "data/sample.ndjson.gz", "--html", REPORT], {
  stdio: "inherit",
});
mkdirSync(IMAGES, { recursive: true });
const browser = await launchChromium();
try {
  for (const { name, chosen, ...context } of PICTURES) {
    const page = await browser.newPage({ reducedMotion: "reduce", ...context });
    await page.goto(pathToFileURL(resolve(REPORT)).href);
    await page.waitForSelector("html[data-ready]");
    if (chosen) await page.locator("button.finding").filter({ hasText: chosen }).first().click();
    await page.mouse.move(0, 0);
    await page.waitForTimeout(500);
    const path = `${IMAGES}/report-${name}.png`;
    await page.screenshot({ path });
    const { size } = statSync(path);
    if (size > LARGEST_BYTES) throw new Error(`${path} has ${size} bytes, more than ${LARGEST_BYTES}`);
    await page.close();
  }
} finally {
  await browser.close();
}
