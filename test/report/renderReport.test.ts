import { expect, test } from "vitest";
import { renderReport } from "../../src/report/page/renderReport.js";
import { findingExample } from "./findingExample.js";
import { cubeExample, reportExample } from "./reportExample.js";

const HOSTILE = `</script><script>alert(1)</script><!--<img src=x onerror=alert(2)>"'\u2028\u2029&lt;]]>$&\\`;

test("a small log's report is one HTML file under 1.5 MB that names no address to load from", () => {
  const html = renderReport(reportExample());
  expect(html.startsWith("<!doctype html>")).toBe(true);
  expect(html.length).toBeLessThan(1_500_000);
  const markup = html.replace(/<!--[\s\S]*-->/, "").replace(/<(script|style)[\s\S]*?<\/\1>/g, "");
  expect(markup).toContain("default-src 'none'");
  expect(markup).not.toMatch(/https?:(?!\/\/www\.w3\.org\/2000\/svg)|src=|@import|url\(/);
  expect(markup).toContain("IP Geolocation by DB-IP");
});

test("what stands in a log or a name never becomes markup", () => {
  const hostile = findingExample({
    title: HOSTILE,
    users: [HOSTILE],
    ips: [HOSTILE],
    dimensions: { [HOSTILE]: HOSTILE },
    cause: [{ slice: { [HOSTILE]: HOSTILE }, share: 0.5 }],
    evidence: { note: HOSTILE },
    region: { ...findingExample().region, name: HOSTILE, cities: [HOSTILE] },
  });
  const html = (text: string) =>
    renderReport({
      cube: cubeExample(() => text),
      findings: [text === HOSTILE ? hostile : findingExample()],
      input: { ...reportExample().input, files: [text] },
      attributions: [text],
      title: text,
    });
  const tags = (page: string) => page.match(/<\/?(script|img|style)\b|<!--/gi)!.length;
  expect(tags(html(HOSTILE))).toBe(tags(html("harmless")));
  expect(/[\u2028\u2029]/.test(html(HOSTILE))).toBe(false);
});

test("the file carries its findings as the contract's document", () => {
  const example = reportExample();
  const html = renderReport({ ...example, title: HOSTILE, findings: [findingExample({ title: HOSTILE })] });
  const [, json] = html.match(/<script type="application\/json" id="findings">(.*?)<\/script>/)!;
  const document = JSON.parse(json!);
  expect(document.schema).toBe("geopivot.findings/1");
  expect(document.findings[0].title).toBe(HOSTILE);
});

test("the same report is the same file", () => {
  const again = renderReport(reportExample());
  expect(renderReport(reportExample()) === again).toBe(true);
});
