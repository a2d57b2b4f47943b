import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { afterAll, describe, expect, test } from "vitest";
import { isGeopivotError } from "../../src/core/errors.js";
import { cloudflareConfig } from "../../src/steer/dns/cloudflare.js";
import { gdnsdConfig } from "../../src/steer/dns/gdnsd.js";
import { nginxConfig } from "../../src/steer/dns/nginx.js";
import { powerdnsRecords } from "../../src/steer/dns/powerdns.js";
import { route53Batches } from "../../src/steer/dns/route53.js";
import type { SteeringTable } from "../../src/steer/dns/steeringTable.js";
import { askA } from "../support/dnsQuery.js";
import { hasSharedData, sharedData } from "../support/sharedData.js";

const TABLE: SteeringTable = {
  hostname: "www.example.com",
  ttlSeconds: 60,
  servers: [
    { name: "fra-1", addresses: ["192.0.2.1", "2001:db8::1"], awsRegion: "eu-central-1" },
    { name: "iad", addresses: ["192.0.2.2", "192.0.2.3"], awsRegion: "us-east-1" },
    { name: "nrt", addresses: ["192.0.2.4"], awsRegion: "ap-northeast-1" },
  ],
  fallback: ["fra-1", "iad"],
  countries: [
    { country: "GB", servers: ["fra-1", "iad"] },
    { country: "SE", servers: ["fra-1"] },
    { country: "JP", servers: ["nrt", "iad"] },
    { country: "TR", servers: ["fra-1", "nrt"] },
    { country: "US", servers: ["iad", "fra-1"] },
    { country: "CN", servers: ["nrt", "fra-1"] },
  ],
  subdivisions: [{ country: "US", subdivision: "WA", servers: ["nrt", "iad"] }],
  networks: [{ cidr: "198.51.100.0/24", servers: ["nrt"] }],
};

const folder = mkdtempSync(join(tmpdir(), "geopivot-dns-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const binary = (name: string): string | undefined =>
  [`/usr/sbin/${name}`, `/usr/local/sbin/${name}`, `/usr/bin/${name}`].find(existsSync);
const gdnsd = binary("gdnsd");
const nginx = binary("nginx");
const pdns = binary("pdns_server");
const pdnsModules = ["/usr/lib/x86_64-linux-gnu/pdns", "/usr/lib/aarch64-linux-gnu/pdns", "/usr/lib/pdns"].find(
  (path) => ["libbindbackend.so", "libgeoipbackend.so"].every((file) => existsSync(join(path, file))),
);
const hasDatabase = hasSharedData("mmdb/GeoIP2-City-Test.mmdb");

describe.skipIf(!gdnsd || !hasDatabase)("gdnsd (skipped without gdnsd and a test database)", () => {
  const check = (config: string): { status: number | null; text: string } => {
    const home = mkdtempSync(join(folder, "gdnsd-"));
    mkdirSync(join(home, "geoip"));
    mkdirSync(join(home, "zones"));
    copyFileSync(sharedData("mmdb/GeoIP2-City-Test.mmdb"), join(home, "geoip/GeoLite2-City.mmdb"));
    const options = `options => { listen => [ 127.0.0.1:10153 ], run_dir => "${home}/run", state_dir => "${home}/state" }\n`;
    writeFileSync(join(home, "config"), options + config);
    writeFileSync(
      join(home, "zones/example.com"),
      "@ SOA ns1 hostmaster 1 7200 1800 259200 900\n@ NS ns1\nns1 A 192.0.2.53\nwww 60 DYNA geoip!geopivot\n",
    );
    const { status, stderr, stdout } = spawnSync(gdnsd!, ["-c", home, "checkconf"], { encoding: "utf8" });
    return { status, text: stdout + stderr };
  };

  test("gdnsd checkconf takes the map, and would not take a broken one", () => {
    const good = check(gdnsdConfig(TABLE));
    expect(good.text).not.toMatch(/error/i);
    expect(good.status).toBe(0);
    expect(check(gdnsdConfig(TABLE).replace("default => [", "default => [ nowhere,")).status).not.toBe(0);
  });
});

describe.skipIf(!nginx)("nginx (skipped without nginx)", () => {
  const check = (config: string): { status: number | null; text: string } => {
    const home = mkdtempSync(join(folder, "nginx-"));
    const server = `map $http_x_country $country { default $http_x_country; }\n${config}
      server { listen 127.0.0.1:10180; location / { proxy_pass https://$geopivot_upstream; } }`;
    const path = join(home, "nginx.conf");
    writeFileSync(path, `pid ${home}/pid;\nerror_log stderr;\nevents {}\nhttp { access_log off;\n${server}\n}\n`);
    const { status, stderr } = spawnSync(nginx!, ["-t", "-p", home, "-c", path], { encoding: "utf8" });
    return { status, text: stderr };
  };

  test("nginx -t takes geo, map and upstreams", () => {
    const { status, text } = check(nginxConfig(TABLE, { countryVariable: "$country" }));
    expect(text).toContain("test is successful");
    expect(status).toBe(0);
    expect(check(nginxConfig(TABLE, { countryVariable: "$nothing" })).status).not.toBe(0);
  });
});

describe.skipIf(!pdns || !pdnsModules || !hasDatabase)("PowerDNS (skipped without its bind and geoip backends)", () => {
  test("a running pdns_server answers clients by network, state and country", async () => {
    const home = mkdtempSync(join(folder, "pdns-"));
    const port = 20_000 + (process.pid % 20_000);
    const soa =
      "$ORIGIN example.com.\n@ 60 IN SOA ns1 hostmaster 1 7200 1800 259200 900\n@ 60 IN NS ns1\nns1 60 IN A 192.0.2.53\n";
    writeFileSync(join(home, "example.com.zone"), soa + powerdnsRecords(TABLE));
    writeFileSync(join(home, "named.conf"), `zone "example.com" { type master; file "${home}/example.com.zone"; };\n`);
    writeFileSync(join(home, "geo.yaml"), "domains: []\n");
    const options = {
      launch: "bind,geoip",
      "module-dir": pdnsModules!,
      "bind-config": join(home, "named.conf"),
      "geoip-zones-file": join(home, "geo.yaml"),
      "geoip-database-files": `mmdb:${sharedData("mmdb/GeoIP2-City-Test.mmdb")}`,
      "enable-lua-records": "yes",
      "edns-subnet-processing": "yes",
      "local-address": "127.0.0.1",
      "local-port": String(port),
      "socket-dir": home,
      "config-dir": home,
      daemon: "no",
      guardian: "no",
    };
    const server = spawn(
      pdns!,
      Object.entries(options).map(([key, value]) => `--${key}=${value}`),
    );
    let log = "";
    server.stderr.on("data", (data) => (log += data));
    try {
      const ask = async (client: string): Promise<string[]> => {
        for (let tries = 0; ; tries++) {
          const found = await askA(port, "www.example.com", client).catch((error: Error) => error);
          if (!(found instanceof Error)) return found.sort();
          if (tries > 15) throw new Error(`${found.message}\n${log}`);
          await new Promise((resolve) => setTimeout(resolve, 300));
        }
      };
      expect(await ask("81.2.69.142")).toEqual(["192.0.2.1"]); // GB
      expect(await ask("175.16.199.1")).toEqual(["192.0.2.4"]); // CN
      expect(await ask("216.160.83.56")).toEqual(["192.0.2.4"]); // US, Washington
      expect(await ask("214.78.120.1")).toEqual(["192.0.2.2", "192.0.2.3"]); // US, elsewhere
      expect(await ask("198.51.100.7")).toEqual(["192.0.2.4"]); // the network
      expect(await ask("203.0.113.9")).toEqual(["192.0.2.1"]); // nowhere
    } finally {
      server.kill();
    }
  }, 30_000);
});

test("Route 53's change batches keep to the API's schema", () => {
  const { geolocation, latency } = route53Batches(TABLE);
  const record = {
    type: "object",
    required: ["Name", "Type", "SetIdentifier", "TTL", "ResourceRecords"],
    additionalProperties: false,
    properties: {
      Name: { type: "string", maxLength: 1024 },
      Type: { enum: ["A", "AAAA"] },
      SetIdentifier: { type: "string", minLength: 1, maxLength: 128 },
      TTL: { type: "integer", minimum: 0, maximum: 2147483647 },
      Region: { type: "string", minLength: 1, maxLength: 64 },
      GeoLocation: {
        type: "object",
        additionalProperties: false,
        required: ["CountryCode"],
        properties: {
          CountryCode: { type: "string", pattern: "^([A-Z]{2}|\\*)$" },
          SubdivisionCode: { type: "string", minLength: 1, maxLength: 3 },
        },
      },
      ResourceRecords: {
        type: "array",
        minItems: 1,
        items: {
          type: "object",
          required: ["Value"],
          additionalProperties: false,
          properties: { Value: { type: "string" } },
        },
      },
    },
  };
  const valid = new Ajv().compile({
    type: "object",
    required: ["Changes"],
    additionalProperties: false,
    properties: {
      Comment: { type: "string", maxLength: 256 },
      Changes: {
        type: "array",
        minItems: 1,
        items: {
          type: "object",
          required: ["Action", "ResourceRecordSet"],
          additionalProperties: false,
          properties: { Action: { enum: ["CREATE", "DELETE", "UPSERT"] }, ResourceRecordSet: record },
        },
      },
    },
  });
  for (const batch of [geolocation, latency!]) {
    expect(valid(batch), JSON.stringify(valid.errors)).toBe(true);
    const keys = batch.Changes.map(({ ResourceRecordSet: r }) => `${r.Type} ${r.SetIdentifier}`);
    expect(new Set(keys).size).toBe(keys.length);
  }
  expect(geolocation.Changes.map(({ ResourceRecordSet: r }) => r.GeoLocation!.CountryCode)).toContain("*");
  expect(latency!.Changes).toHaveLength(4);
});

test("Cloudflare's load balancer keeps to the API's schema, and names pools that there are", () => {
  const config = cloudflareConfig(TABLE);
  const pools = { type: "array", minItems: 1, items: { type: "string" } };
  const regions = "^(WNAM|ENAM|WEU|EEU|NSAM|SSAM|OC|ME|NAF|SAF|SAS|SEAS|NEAS)$";
  const valid = new Ajv().compile({
    type: "object",
    required: ["name", "fallback_pool", "default_pools", "steering_policy"],
    additionalProperties: false,
    properties: {
      name: { type: "string" },
      proxied: { type: "boolean" },
      fallback_pool: { type: "string" },
      default_pools: pools,
      steering_policy: { const: "geo" },
      country_pools: { type: "object", additionalProperties: false, patternProperties: { "^[A-Z]{2}$": pools } },
      region_pools: { type: "object", additionalProperties: false, patternProperties: { [regions]: pools } },
    },
  });
  expect(valid(config.load_balancer), JSON.stringify(valid.errors)).toBe(true);
  const names = config.pools.map(({ name }) => name);
  const { country_pools, region_pools, default_pools } = config.load_balancer;
  for (const list of [...Object.values(country_pools), ...Object.values(region_pools), default_pools])
    for (const pool of list) expect(names).toContain(pool);
  expect(cloudflareConfig(TABLE, { nrt: "17b5" }).load_balancer.country_pools.JP).toEqual(["17b5", "iad"]);
});

const outputs = { gdnsdConfig, route53Batches, cloudflareConfig, powerdnsRecords, nginxConfig };

test.each(Object.entries(outputs))("%s refuses what could mean more than a name", (_, write) => {
  const codeOf = (table: SteeringTable): string => {
    try {
      write(table);
      return "none";
    } catch (error) {
      return isGeopivotError(error) ? error.code : String(error);
    }
  };
  const renamed = (name: string): SteeringTable => ({
    ...TABLE,
    servers: [{ ...TABLE.servers[0]!, name }, ...TABLE.servers.slice(1)],
    fallback: [name],
    countries: [],
    subdivisions: [],
    networks: [],
  });
  expect(codeOf(TABLE)).toBe("none");
  for (const name of [
    "a;b",
    "x }",
    "a\nb",
    "'",
    '"',
    "$x",
    "",
    "-a",
    "ü",
    "a b",
    "../etc",
    "x".repeat(64),
    "a#b",
    "]]",
  ])
    expect(codeOf(renamed(name)), name).toBe("bad-dns-name");
  expect(codeOf({ ...TABLE, hostname: "www example.com" })).toBe("bad-dns-name");
  expect(codeOf({ ...TABLE, hostname: 'x"; evil.example.com' })).toBe("bad-dns-name");
  expect(codeOf({ ...TABLE, countries: [{ country: "XX", servers: ["iad"] }] })).toBe("bad-dns-name");
  expect(codeOf({ ...TABLE, countries: [{ country: "DE", servers: ["cdg"] }] })).toBe("bad-steering");
  expect(codeOf({ ...TABLE, networks: [{ cidr: "10.0.0.0/8; x", servers: ["iad"] }] })).toBe("bad-network");
  const addressed = (address: string): SteeringTable => ({
    ...TABLE,
    servers: TABLE.servers.map((s) => ({ ...s, addresses: [address] })),
  });
  for (const address of ["example.com", "192.0.2.1'", "192.0.2.1:80", "1.2.3", "fe80::1%eth0"])
    expect(codeOf(addressed(address)), address).toBe("bad-dns-address");
  const bare = { ...TABLE, servers: TABLE.servers.map((server) => ({ ...server, addresses: [] })) };
  expect(codeOf(bare)).toBe("no-dns-address");
});
