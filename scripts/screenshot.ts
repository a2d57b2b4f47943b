/** Makes the README's pictures: analyses the sample log, opens the report and takes docs/images/report-{light,dark}.png. */
import { execFileSync } from "node:child_process";
import { mkdirSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { launchChromium } from "../test/support/chromium.js";

const REPORT = "out/report.html";
const IMAGES = "docs/images";
const LARGEST_BYTES = 400_000;
/** The finding that the pictures show, by its title. */
const SHOWN = /Germany down/;

execFileSync(process.execPath, ["dist/cli.js", "analyze", "data/sample.ndjson.gz", "--html", REPORT], {
  stdio: "inherit",
});
mkdirSync(IMAGES, { recursive: true });
const browser = await launchChromium();
try {
  for (const colorScheme of ["light", "dark"] as const) {
    const page = await browser.newPage({
      viewport: { width: 1280, height: 800 },
      colorScheme,
      reducedMotion: "reduce",
    });
    await page.goto(pathToFileURL(resolve(REPORT)).href);
    await page.waitForSelector("html[data-ready]");
    await page.locator("button.finding").filter({ hasText: SHOWN }).first().click();
    await page.mouse.move(0, 0);
    await page.waitForTimeout(500);
    const path = `${IMAGES}/report-${colorScheme}.png`;
    await page.screenshot({ path });
    const { size } = statSync(path);
    if (size > LARGEST_BYTES) throw new Error(`${path} has ${size} bytes, more than ${LARGEST_BYTES}`);
    await page.close();
  }
} finally {
  await browser.close();
}
