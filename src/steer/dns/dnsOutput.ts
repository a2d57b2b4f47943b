import { cloudflareConfig } from "./cloudflare.js";
import { dnsError } from "./errors.js";
import { gdnsdConfig } from "./gdnsd.js";
import { nginxConfig } from "./nginx.js";
import { powerdnsRecords } from "./powerdns.js";
import { route53Batches } from "./route53.js";
import { checkSteering, type SteeringTable } from "./steeringTable.js";

/** What a steering table can be written for. */
export const DNS_OUTPUTS = ["route53", "route53-latency", "cloudflare", "gdnsd", "powerdns", "nginx", "json"] as const;
export type DnsOutput = (typeof DNS_OUTPUTS)[number];

/** A steering table as the configuration of something that steers. Throws what its writer throws. */
export function dnsOutput(table: SteeringTable, output: DnsOutput): string {
  if (output === "gdnsd") return gdnsdConfig(table);
  if (output === "powerdns") return powerdnsRecords(table);
  if (output === "nginx") return nginxConfig(table);
  return `${JSON.stringify(jsonOf(table, output), null, 2)}\n`;
}

function jsonOf(table: SteeringTable, output: "route53" | "route53-latency" | "cloudflare" | "json"): unknown {
  if (output === "cloudflare") return cloudflareConfig(table);
  if (output === "json") return { schema: "geopivot.steering/1", ...checkSteering(table) };
  const { geolocation, latency } = route53Batches(table);
  if (output === "route53") return geolocation;
  if (latency === null)
    throw dnsError("bad-steering", { reason: "latency records need the AWS region of every server" });
  return latency;
}
