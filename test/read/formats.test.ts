import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readEvents } from "../../src/read/readEvents.js";
import type { ReadOptions } from "../../src/read/readOptions.js";
import { hasSharedData, sharedData } from "../support/sharedData.js";
import { nowhere } from "./support/nowhere.js";
import { rowsOf } from "./support/rowsOf.js";

const read = async (text: string, options: Partial<ReadOptions> = {}) => {
  const events = await readEvents(new TextEncoder().encode(text), { locator: nowhere(), routes: false, ...options });
  return { format: events.report.format, rows: rowsOf(events), report: events.report };
};
const at = (iso: string): number => Date.parse(iso);

// Each record is written by hand from its vendor's published field list; the addresses are RFC 5737's and 3849's.
describe("records of each vendor", () => {
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
  test("AWS ALB: three processing times in seconds make the latency; -1 makes it unknown", async () => {
    const line = (times: string, client = "192.0.2.7:2817") =>
      `h2 2024-05-02T08:30:00.186641Z app/web/50dc6c495c0c9188 ${client} 10.0.0.1:80 ${times} 502 502 34 366 "GET https://shop.example.com:443/cart/7?x=1 HTTP/2.0" "curl/8.5.0" ECDHE TLSv1.2 arn:aws:tg "Root=1-58" "shop.example.com" "-" 1 2024-05-02T08:29:59.100000Z "forward" "-" "-" "10.0.0.1:80" "502" "-" "-" TID_9`;
    const { format, rows } = await read([line("0.001 0.250 0.002"), line("-1 -1 -1", "[2001:db8::9]:443")].join("\n"));
    expect(format).toBe("aws-alb");
    expect(rows[0]).toEqual({
      timeMs: at("2024-05-02T08:30:00.186Z") + 0.641,
      ip: "192.0.2.7",
      status: 502,
      latencyMs: 253,
      bytes: 366,
      user: "",
      service: "app/web/50dc6c495c0c9188",
      method: "GET",
      path: "/cart/7",
      user_agent: "curl/8.5.0",
      host: "shop.example.com",
    });
    expect(rows[1]).toMatchObject({ ip: "2001:db8::9", latencyMs: null });
  });

  // https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/access-log-collection.html
  test("AWS Classic ELB", async () => {
    const { format, rows } = await read(
      '2024-05-02T08:30:00.943123Z my-elb 192.0.2.7:2817 10.0.0.1:80 0.000073 0.001048 0.000057 200 200 0 29 "GET http://example.com:80/a HTTP/1.1" "curl/7.38.0" - -',
    );
    expect(format).toBe("aws-elb");
    expect(rows[0]).toMatchObject({
      ip: "192.0.2.7",
      status: 200,
      latencyMs: 1.178,
      bytes: 29,
      path: "/a",
      service: "my-elb",
    });
  });

  // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html
  test("AWS CloudFront standard: tabs, time-taken in seconds", async () => {
    const text = [
      "#Version: 1.0",
      "#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken x-forwarded-for",
      [
        "2024-05-02",
        "08:30:01",
        "FRA56-P3",
        "392",
        "192.0.2.7",
        "GET",
        "d1.cloudfront.net",
        "/index.html",
        "200",
        "-",
        "Mozilla/5.0%20(X11)",
        "-",
        "-",
        "Hit",
        "SOX4==",
        "www.example.com",
        "https",
        "23",
        "0.042",
        "-",
      ].join("\t"),
    ].join("\n");
    const { format, rows } = await read(text);
    expect(format).toBe("cloudfront");
    expect(rows[0]).toMatchObject({
      timeMs: at("2024-05-02T08:30:01Z"),
      ip: "192.0.2.7",
      status: 200,
      latencyMs: 42,
      bytes: 392,
      method: "GET",
      path: "/index.html",
      pop: "FRA56-P3",
      host: "www.example.com",
      cache: "Hit",
    });
  });

  test("AWS CloudFront JSON: date and time in fields of their own", async () => {
    const { format, rows } = await read(
      '{"date":"2024-05-02","time":"08:30:01","x-edge-location":"FRA56-P3","sc-bytes":"392","c-ip":"192.0.2.7","cs-method":"GET","cs(Host)":"d1.cloudfront.net","cs-uri-stem":"/index.html","sc-status":"200","time-taken":"0.042"}',
    );
    expect(format).toBe("cloudfront-json");
    expect(rows[0]).toMatchObject({
      timeMs: at("2024-05-02T08:30:01Z"),
      ip: "192.0.2.7",
      status: 200,
      latencyMs: 42,
      bytes: 392,
      pop: "FRA56-P3",
    });
  });

  // https://learn.microsoft.com/windows/win32/http/w3c-logging
  test("IIS: the #Fields line decides, and may change; time-taken is milliseconds, times are UTC", async () => {
    const text = [
      "#Software: Microsoft Internet Information Services 10.0",
      "#Version: 1.0",
      "#Date: 2024-05-02 08:30:00",
      "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken",
      "2024-05-02 08:30:01 10.0.0.1 GET /default.aspx a=1 443 CONTOSO\\ann 192.0.2.7 Mozilla/5.0+(Windows) - 500 0 0 109",
      "#Fields: time c-ip sc-status time-taken sc-bytes",
      "08:30:02 2001:db8::9 404 7 1234",
      "broken line",
    ].join("\r\n");
    const { format, rows, report } = await read(text);
    expect(format).toBe("iis");
    expect(rows[0]).toMatchObject({
      timeMs: at("2024-05-02T08:30:01Z"),
      ip: "192.0.2.7",
      status: 500,
      latencyMs: 109,
      bytes: null,
      user: "CONTOSO\\ann",
      method: "GET",
      path: "/default.aspx",
    });
    expect(rows[1]).toMatchObject({
      timeMs: at("2024-05-02T08:30:02Z"),
      ip: "2001:db8::9",
      status: 404,
      latencyMs: 7,
      bytes: 1234,
    });
    expect(report).toMatchObject({ rejected: 1, skipped: 5 });
  });

  // https://developers.cloudflare.com/logs/logpush/logpush-job/datasets/zone/http_requests/
  test("Cloudflare: origin time in nanoseconds, 0 where there was no origin; times as RFC 3339, seconds or nanoseconds", async () => {
    const record = (fields: object) =>
      JSON.stringify({
        ClientIP: "192.0.2.7",
        EdgeResponseStatus: 200,
        EdgeResponseBytes: 69045,
        ClientRequestURI: "/a?b",
        ...fields,
      });
    const { format, rows } = await read(
      [
        record({ EdgeStartTimestamp: "2024-05-02T08:30:00Z", EdgeTimeToFirstByteMs: 28, OriginResponseTime: 22000000 }),
        record({ EdgeStartTimestamp: 1714638600, OriginResponseTime: 22000000, EdgeColoCode: "FRA" }),
        record({ EdgeStartTimestamp: 1714638600000000000, OriginResponseTime: 0 }),
      ].join("\n"),
    );
    expect(format).toBe("cloudflare");
    expect(rows.map((row) => row.timeMs)).toEqual(Array(3).fill(at("2024-05-02T08:30:00Z")));
    expect(rows.map((row) => row.latencyMs)).toEqual([28, 22, null]);
    expect(rows[1]).toMatchObject({ bytes: 69045, path: "/a", pop: "FRA" });
  });

  // https://www.fastly.com/documentation/guides/integrations/logging/
  test("Fastly JSON: elapsed time in microseconds", async () => {
    const { format, rows } = await read(
      '{"timestamp":"2024-05-02T08:30:00+0000","client_ip":"192.0.2.7","geo_country":"germany","host":"www.example.com","url":"/a?b=1","request_method":"GET","request_user_agent":"curl","response_state":"HIT","response_status":200,"response_body_size":1500,"fastly_server":"cache-fra1","fastly_is_edge":true,"time_elapsed":1834}',
    );
    expect(format).toBe("fastly-json");
    expect(rows[0]).toMatchObject({
      timeMs: at("2024-05-02T08:30:00Z"),
      status: 200,
      latencyMs: 1.834,
      bytes: 1500,
      path: "/a",
      cache: "HIT",
      pop: "cache-fra1",
    });
  });

  // https://cloud.google.com/load-balancing/docs/https/https-logging-monitoring, LogEntry.httpRequest
  test("GCP load balancer: latency with its unit, sizes as text", async () => {
    const { format, rows } = await read(
      '{"httpRequest":{"latency":"0.005192s","remoteIp":"192.0.2.7","requestMethod":"GET","requestSize":"577","requestUrl":"https://www.example.com/a/b?c","responseSize":"157","status":404,"userAgent":"curl"},"insertId":"x","resource":{"labels":{"backend_service_name":"web","forwarding_rule_name":"fr"},"type":"http_load_balancer"},"timestamp":"2024-05-02T08:30:00.123456Z"}',
    );
    expect(format).toBe("gcp-lb");
    expect(rows[0]).toMatchObject({
      timeMs: at("2024-05-02T08:30:00.123Z") + 0.456,
      status: 404,
      latencyMs: 5.192,
      bytes: 157,
      path: "/a/b",
      service: "web",
      method: "GET",
    });
  });

  // https://learn.microsoft.com/azure/frontdoor/standard-premium/how-to-logs
  test("Azure Front Door: numbers as text, a record or a list of records a line", async () => {
    const record = (time: string) => ({
      time,
      category: "FrontDoorAccessLog",
      properties: {
        trackingReference: "x",
        httpMethod: "GET",
        requestUri: "https://a.azurefd.net:443/x/y?z",
        responseBytes: "1624",
        clientIp: "2001:db8::9",
        socketIp: "2001:db8::a",
        timeTaken: "0.035",
        httpStatusCode: "200",
        pop: "PAR",
        clientCountry: "Netherlands",
      },
    });
    const { format, rows } = await read(
      `${JSON.stringify(record("2024-05-02T08:30:00.0000000Z"))}\n${JSON.stringify({ records: [record("2024-05-02T08:30:01Z"), record("2024-05-02T08:30:02Z")] })}`,
    );
    expect(format).toBe("azure-frontdoor");
    expect(rows).toHaveLength(3);
    expect(rows[0]).toMatchObject({
      timeMs: at("2024-05-02T08:30:00Z"),
      ip: "2001:db8::9",
      status: 200,
      latencyMs: 35,
      bytes: 1624,
      path: "/x/y",
      pop: "PAR",
    });
    expect(rows[2]).toMatchObject({ timeMs: at("2024-05-02T08:30:02Z") });
  });

  // https://learn.microsoft.com/azure/application-gateway/monitor-application-gateway-reference
  test("Azure Application Gateway: version 1 takes milliseconds, version 2 seconds", async () => {
    const properties = {
      clientIP: "192.0.2.7",
      clientPort: 1,
      httpMethod: "GET",
      requestUri: "/a",
      httpStatus: 404,
      sentBytes: 553,
    };
    const { format, rows } = await read(
      [
        JSON.stringify({ timestamp: "2024-05-02T08:30:00Z", properties: { ...properties, timeTaken: 205 } }),
        JSON.stringify({ timeStamp: "2024-05-02T08:30:00+00:00", properties: { ...properties, timeTaken: 0.034 } }),
      ].join("\n"),
    );
    expect(format).toBe("azure-appgw");
    expect(rows.map((row) => row.latencyMs)).toEqual([205, 34]);
    expect(rows[1]).toMatchObject({
      timeMs: at("2024-05-02T08:30:00Z"),
      ip: "192.0.2.7",
      status: 404,
      bytes: 553,
      path: "/a",
    });
  });

  // https://docs.haproxy.org/3.0/configuration.html#8.2.3
  test("HAProxy: milliseconds, the clock of its own time zone, with and without what syslog puts before", async () => {
    const line =
      '192.0.2.7:33317 [02/May/2024:10:30:00.655] http-in static/srv1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {1wt.eu} {} "GET /index.html?a HTTP/1.1"';
    const { format, rows } = await read(
      `May  2 10:30:00 localhost haproxy[14389]: ${line}\n${line.replace("/109 ", "/-1 ")}`,
      { timeZone: "Europe/Berlin" },
    );
    expect(format).toBe("haproxy");
    expect(rows[0]).toMatchObject({
      timeMs: at("2024-05-02T08:30:00.655Z"),
      ip: "192.0.2.7",
      status: 200,
      latencyMs: 109,
      bytes: 2750,
      service: "static",
      frontend: "http-in",
      method: "GET",
      path: "/index.html",
    });
    expect(rows[1]).toMatchObject({ latencyMs: null });
  });

  // https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#default-format-string
  test("Envoy text: milliseconds; the peer is last in X-Forwarded-For", async () => {
    const { format, rows } = await read(
      '[2024-05-02T08:30:00.310Z] "POST /api/v1/locations?x HTTP/2" 204 - 154 7 226 100 "203.0.113.9, 192.0.2.7" "nsq2http" "cc21d9b0" "locations" "10.0.35.28:80"',
    );
    expect(format).toBe("envoy");
    expect(rows[0]).toMatchObject({
      timeMs: at("2024-05-02T08:30:00.310Z"),
      ip: "192.0.2.7",
      status: 204,
      latencyMs: 226,
      bytes: 7,
      method: "POST",
      path: "/api/v1/locations",
      host: "locations",
    });
  });

  // https://istio.io/latest/docs/tasks/observability/logs/access-log/#default-access-log-format
  test("Istio text and JSON", async () => {
    const text = await read(
      '[2024-05-02T08:30:00.373Z] "GET /status/418 HTTP/1.1" 418 - via_upstream - "-" 0 135 4 4 "-" "curl/7.73.0-DEV" "84961386" "httpbin:8000" "127.0.0.1:80" inbound|8000|| 127.0.0.1:41854 10.44.1.27:80 192.0.2.7:37652 outbound_.8000_._.httpbin default',
    );
    expect(text.format).toBe("istio");
    const expected = {
      timeMs: at("2024-05-02T08:30:00.373Z"),
      ip: "192.0.2.7",
      status: 418,
      latencyMs: 4,
      bytes: 135,
      path: "/status/418",
    };
    expect(text.rows[0]).toMatchObject(expected);
    const json = await read(
      '{"start_time":"2024-05-02T08:30:00.373Z","method":"GET","path":"/status/418?x","response_code":418,"response_flags":"-","bytes_received":0,"bytes_sent":135,"duration":4,"x_forwarded_for":null,"user_agent":"curl","downstream_remote_address":"192.0.2.7:37652","upstream_cluster":"inbound|8000||","authority":"httpbin:8000"}',
    );
    expect(json.format).toBe("envoy-json");
    expect(json.rows[0]).toMatchObject({ ...expected, service: "inbound|8000||" });
  });

  // https://doc.traefik.io/traefik/observability/access-logs/
  test("Traefik: JSON in nanoseconds, text in milliseconds", async () => {
    const json = await read(
      '{"ClientAddr":"192.0.2.7:50064","ClientHost":"192.0.2.7","ClientPort":"50064","ClientUsername":"-","DownstreamContentSize":415,"DownstreamStatus":200,"Duration":1543210,"RequestMethod":"GET","RequestPath":"/whoami?a","RequestHost":"w.example.com","ServiceName":"whoami@docker","StartUTC":"2024-05-02T08:30:00.123456789Z","level":"info","time":"2024-05-02T08:30:01Z"}',
    );
    expect(json.format).toBe("traefik-json");
    expect(json.rows[0]).toMatchObject({
      ip: "192.0.2.7",
      status: 200,
      latencyMs: 1.54321,
      bytes: 415,
      path: "/whoami",
      service: "whoami@docker",
      user: "",
    });
    expect(json.rows[0]!.timeMs).toBeCloseTo(at("2024-05-02T08:30:00.123Z") + 0.457, 3);
    const text = await read(
      '192.0.2.7 - bob [02/May/2024:08:30:00 +0000] "GET /whoami HTTP/2.0" 200 415 "-" "curl/8" 12 "whoami@docker" "http://172.18.0.3:80" 3ms',
    );
    expect(text.format).toBe("traefik");
    expect(text.rows[0]).toMatchObject({
      ip: "192.0.2.7",
      user: "bob",
      latencyMs: 3,
      service: "whoami@docker",
      path: "/whoami",
    });
  });

  // https://caddyserver.com/docs/caddyfile/directives/log
  test("Caddy: seconds as numbers, headers as lists", async () => {
    const { format, rows } = await read(
      '{"level":"info","ts":1714638600.5,"logger":"http.log.access.log0","msg":"handled request","request":{"remote_ip":"203.0.113.9","remote_port":"39416","client_ip":"192.0.2.7","proto":"HTTP/2.0","method":"GET","host":"example.com","uri":"/a/b?c=d","headers":{"User-Agent":["curl/7.82.0"],"Accept":["*/*"]}},"bytes_read":0,"user_id":"ann","duration":0.000929675,"size":10900,"status":200,"resp_headers":{"Server":["Caddy"]}}',
    );
    expect(format).toBe("caddy");
    expect(rows[0]).toMatchObject({
      timeMs: at("2024-05-02T08:30:00.500Z"),
      ip: "192.0.2.7",
      status: 200,
      latencyMs: 0.929675,
      bytes: 10900,
      user: "ann",
      path: "/a/b",
      user_agent: "curl/7.82.0",
      host: "example.com",
    });
  });

  // https://techdocs.akamai.com/datastream2/docs/data-set-parameters-1
  test("Akamai DataStream 2: numbers as text", async () => {
    const { format, rows } = await read(
      '{"version":1,"cp":"123456","reqId":"1239f220","reqTimeSec":"1714638600.500","bytes":"4995","cliIP":"192.0.2.7","statusCode":"206","proto":"HTTPS","reqHost":"www.example.com","reqMethod":"GET","reqPath":"/path1/a.jpg","UA":"curl","turnAroundTimeMSec":"11","transferTimeMSec":"125","edgeIP":"198.51.100.1","cacheStatus":"1"}',
    );
    expect(format).toBe("akamai-ds2");
    expect(rows[0]).toMatchObject({
      timeMs: at("2024-05-02T08:30:00.500Z"),
      ip: "192.0.2.7",
      status: 206,
      latencyMs: 11,
      bytes: 4995,
      path: "/path1/a.jpg",
    });
  });

  // https://opentelemetry.io/docs/specs/semconv/http/http-spans/ and https://www.elastic.co/docs/reference/ecs
  test("OpenTelemetry and Elastic names, dotted, nested and wrapped", async () => {
    const { rows } = await read(
      [
        '{"timestamp":"2024-05-02T08:30:00Z","client.address":"192.0.2.7","http.response.status_code":500,"http.server.request.duration":0.25,"user.id":"u1","service.name":"api","http.request.method":"GET","url.path":"/a","http.route":"/{x}"}',
        '{"@timestamp":"2024-05-02T08:30:00Z","client":{"ip":"192.0.2.7"},"http":{"response":{"status_code":500,"body":{"bytes":77}},"request":{"method":"GET"}},"event":{"duration":250000000},"user":{"id":"u1"},"service":{"name":"api"},"url":{"path":"/a"}}',
        '{"timeUnixNano":"1714638600000000000","attributes":{"client.address":"192.0.2.7","http.response.status_code":500,"url.full":"https://h/a?b"},"resource":{"attributes":{"service.name":"api"}}}',
      ].join("\n"),
    );
    for (const row of rows)
      expect(row).toMatchObject({
        timeMs: at("2024-05-02T08:30:00Z"),
        ip: "192.0.2.7",
        status: 500,
        path: "/a",
        service: "api",
      });
    expect(rows.map((row) => [row.latencyMs, row.user, row.bytes])).toEqual([
      [250, "u1", null],
      [250, "u1", 77],
      [null, "", null],
    ]);
    expect(rows[0]).toMatchObject({ route: "/{x}" });
  });

  // https://nginx.org/en/docs/http/ngx_http_log_module.html
  test("nginx JSON: seconds, the request line taken apart", async () => {
    const { rows } = await read(
      '{"time_iso8601":"2024-05-02T08:30:00+02:00","remote_addr":"192.0.2.7","remote_user":"","request":"GET /a?b HTTP/1.1","status":"200","body_bytes_sent":"12","request_time":"0.123","http_user_agent":"curl","upstream_response_time":"-"}',
    );
    expect(rows[0]).toMatchObject({
      timeMs: at("2024-05-02T06:30:00Z"),
      status: 200,
      latencyMs: 123,
      bytes: 12,
      method: "GET",
      path: "/a",
      user_agent: "curl",
    });
  });

  test("CSV and TSV: quotes, doubled quotes, line breaks in quotes, any order of fields", async () => {
    const csv =
      'status,ip,ts,user,service,latency_s\n200,192.0.2.7,2024-05-02T08:30:00Z,"Ann ""the"" user","a\nb, c",0.5\n"404",2001:db8::9,1714638600,,,\n1,2,3,4,5,6,7\n';
    const { format, rows, report } = await read(csv);
    expect(format).toBe("csv");
    expect(rows[0]).toMatchObject({
      ip: "192.0.2.7",
      user: 'Ann "the" user',
      service: "a\nb, c",
      latencyMs: 500,
      timeMs: at("2024-05-02T08:30:00Z"),
    });
    expect(rows[1]).toMatchObject({ ip: "2001:db8::9", status: 404, user: "", timeMs: at("2024-05-02T08:30:00Z") });
    expect(report).toMatchObject({ rejected: 1, lines: 5, samples: [{ line: 5 }] });
    const tsv = await read("time\tremote_addr\n2024-05-02 08:30:00\t192.0.2.7\n", { timeZone: "America/New_York" });
    expect(tsv.format).toBe("tsv");
    expect(tsv.rows[0]).toMatchObject({ timeMs: at("2024-05-02T12:30:00Z") });
  });

  test("JSON spread over lines, as tools print it for people", async () => {
    const records = [
      { ts: 1714638600, ip: "192.0.2.7", path: '/a{"' },
      { ts: 1714638601, ip: "192.0.2.8" },
    ];
    const { format, rows, report } = await read(JSON.stringify(records, null, 2));
    expect(format).toBe("json-document");
    expect(rows.map((row) => [row.ip, row.timeMs, row.path])).toEqual([
      ["192.0.2.7", 1714638600e3, '/a{"'],
      ["192.0.2.8", 1714638601e3, ""],
    ]);
    expect(report).toMatchObject({ rejected: 0, lines: 11 });
  });
});

describe("format strings", () => {
  test("nginx's, with lists of upstream times", async () => {
    const format =
      '$remote_addr - $remote_user [$time_local] "$request" $status $bytes_sent "$http_referer" "$http_user_agent" rt=$request_time urt=$upstream_response_time uct="$upstream_connect_time" ${host}';
    const line =
      '192.0.2.7 - - [02/May/2024:08:30:00 +0000] "GET /a HTTP/1.1" 200 615 "-" "x" rt=0.250 urt=0.010, 0.240 : 0.1 uct="-" example.com';
    const { rows } = await read(`${line}\n`.repeat(3), { format });
    expect(rows).toHaveLength(3);
    expect(rows[0]).toMatchObject({ latencyMs: 250, bytes: 615, host: "example.com", path: "/a" });
  });

  // https://httpd.apache.org/docs/current/mod/mod_log_config.html
  test("Apache's, with microseconds and headers", async () => {
    const format = '%v:%p %h %l %u %t \\"%r\\" %>s %O \\"%{Referer}i\\" \\"%{User-Agent}i\\" %D %{X-Request-Id}i';
    const line =
      'www.example.com:443 192.0.2.7 - ann [02/May/2024:10:30:00 +0200] "GET /a HTTP/1.1" 200 615 "-" "say \\"x\\"" 250000 r1';
    const { rows } = await read(line, { format });
    expect(rows[0]).toMatchObject({
      timeMs: at("2024-05-02T08:30:00Z"),
      latencyMs: 250,
      user: "ann",
      host: "www.example.com",
      x_request_id: "r1",
    });
    const milliseconds = await read("192.0.2.7 1714638600 %\n".replace("%", "77"), { format: "%a %{sec}t %{ms}T" });
    expect(milliseconds.rows[0]).toMatchObject({ timeMs: at("2024-05-02T08:30:00Z"), latencyMs: 77 });
  });

  test("one without time, without address or with nothing between two fields is refused", async () => {
    for (const format of ["$remote_addr $status", "$time_local $status", "$remote_addr$time_local"])
      await expect(read("x\n", { format })).rejects.toMatchObject({ code: "bad-format-string" });
    await expect(read("x\n", { format: "nonsense" })).rejects.toMatchObject({ code: "bad-format" });
  });
});

test("a mapping names the fields, and what they are named else no longer counts", async () => {
  const line = '{"when":1714638600,"ip":"198.51.100.1","from":"192.0.2.7","took":0.5,"app":"web"}';
  const { rows } = await read(line, { map: { ts: "when", ip: "from", latency_s: "took", service: "app" } });
  expect(rows[0]).toMatchObject({ timeMs: 1714638600e3, ip: "192.0.2.7", latencyMs: 500, service: "web" });
});

test("the word of trusted proxies about the client is believed, that of others is not", async () => {
  const line = '192.0.2.1 - - [02/May/2024:08:30:00 +0000] "GET / HTTP/1.1" 200 5 "-" "-" "203.0.113.9, 198.51.100.5"';
  const format =
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" "$http_x_forwarded_for"';
  expect((await read(line, { format })).rows[0]).toMatchObject({ ip: "192.0.2.1" });
  expect((await read(line, { format, trustedProxies: ["192.0.2.1"] })).rows[0]).toMatchObject({ ip: "198.51.100.5" });
  expect((await read(line, { format, trustedProxies: ["192.0.2.1", "198.51.100.5"] })).rows[0]).toMatchObject({
    ip: "203.0.113.9",
  });
});

describe.skipIf(!hasSharedData("formats"))("samples of others", () => {
  const sample = (path: string): string => readFileSync(sharedData(`formats/${path}`), "utf8");

  test("ALB records give what an OpenTelemetry collector makes of them", async () => {
    const { rows } = await read(sample("aws-alb/alb_valid.log"));
    const expected = sample("aws-alb/expected-otel.ndjson")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(rows).toHaveLength(expected.length);
    rows.forEach((row, i) => {
      const want = expected[i];
      const parts = ["request", "target", "response"].map((part) => want[`aws.elb.${part}_processing_time`] as number);
      expect(row).toMatchObject({
        ip: want["client.address"],
        method: want["http.request.method"],
        status: want["aws.elb.status.code"],
        bytes: want["http.response.size"],
        user_agent: want["user_agent.original"],
        host: want["url.domain"],
        latencyMs: Math.round(parts.reduce((a, b) => a + b) * 1e6) / 1e3,
      });
      expect(row.timeMs).toBeCloseTo(Number(want.timeUnixNano) / 1e6, 3);
    });
  });

  test("Front Door, Application Gateway and Cloudflare records are read", async () => {
    const door = await read(sample("azure-frontdoor/access-log.json"));
    const want = JSON.parse(sample("azure-frontdoor/expected-otel.json"));
    expect(door.rows).toHaveLength(1);
    expect(door.rows[0]).toMatchObject({
      ip: want["client.address"],
      status: want["http.response.status_code"],
      bytes: want["http.response.size"],
      path: want["url.path"],
      method: want["http.request.method"],
      latencyMs: want["azure.request.duration"] * 1000,
      pop: want["azure.cdn.edge.name"],
      timeMs: Number(want.timeUnixNano) / 1e6,
    });
    const gateway = await read(sample("azure-appgw/access-log.json"));
    expect(gateway.rows.map((row) => [row.ip, row.status, row.latencyMs, row.bytes])).toEqual([
      ["203.0.113.97", 404, 205, 553],
      ["185.42.129.24", 200, 34, 466],
    ]);
    const flare = await read(sample("cloudflare-logpush/http_requests.ndjson"));
    expect(flare.rows.map((row) => [row.ip, row.status, row.latencyMs, row.bytes])).toEqual([
      ["47.35.104.49", 200, 28, 2301],
      ["89.163.253.200", 200, null, 69045],
    ]);
  });

  test.each(["parse_apache_log", "parse_common_log", "parse_nginx_log", "parse_aws_alb_log"])(
    "%s: documented lines give their documented fields",
    async (name) => {
      const { examples } = JSON.parse(sample(`vrl/${name}.json`)) as {
        examples: { title: string; source: string; return: Record<string, unknown> }[];
      };
      let checked = 0;
      for (const { title, source, return: want } of examples) {
        const line = /s'([\s\S]*?)'(?:,|\))/.exec(source)?.[1] ?? JSON.parse(/"(?:[^"\\]|\\.)*"/.exec(source)![0]);
        if (/error/i.test(title)) {
          await expect(read(line)).rejects.toMatchObject({ code: "unknown-format" });
          continue;
        }
        checked++;
        const { rows } = await read(line);
        const [method, target] = String(
          want.request ?? want.message ?? `${want.request_method} ${want.request_url}`,
        ).split(" ");
        expect(rows[0]).toMatchObject({
          timeMs: at(want.timestamp as string) + (name === "parse_aws_alb_log" ? 0.641 : 0),
          ip: String(want.host ?? want.client ?? want.remote_addr ?? want.client_host).replace(/:\d+$/, ""),
          user: want.user ?? want.remote_user ?? "",
          status: Number(want.status ?? want.elb_status_code),
          bytes: want.size ?? want.body_bytes_size ?? want.sent_bytes,
          method,
          path: target!.replace(/^https?:\/\/[^/]+/, ""),
          user_agent: want.agent ?? want.http_user_agent ?? want.user_agent ?? rows[0]!.user_agent,
        });
      }
      expect(checked).toBeGreaterThan(0);
    },
  );
});
