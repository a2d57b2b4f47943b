/**
 * User agents by which health checks and uptime monitors name themselves, as their makers document them.
 * Browsers that such services drive name themselves beside the browser.
 */
const MONITOR_AGENT = new RegExp(
  [
    "uptimerobot",
    "pingdom",
    "statuscake",
    "site24x7",
    "datadogsynthetics|datadog/synthetics",
    "googlehc|googlestackdrivermonitoring|google-?cloud-?monitoring",
    "elb-healthchecker",
    "amazon-route53-health-check-service",
    "cloudwatchsynthetics",
    "cloudflare-?healthchecks|cloudflare-traffic-manager",
    "azure traffic manager endpoint monitor|edge health probe|load balancer agent|applicationinsights",
    "kube-probe",
    "consul health check",
    "envoy/hc",
    "haproxy health|haproxy/check",
    "newrelicpinger|newrelicsynthetics",
    "better ?uptime|betterstack",
    "uptime-kuma",
    "updown\\.io",
    "hetrixtools",
    "freshping",
    "nodeping",
    "checklyhq|checkly",
    "catchpoint",
    "dynatrace ?synthetic|ruxitsynthetic",
    "thousandeyes",
    "blackbox[ _-]?exporter",
    "check_http|nagios|icinga",
    "zabbix",
    "monit/",
    "monibot|montastic|monitis|alertbot|alertsite|rigor|cula\\.io|cronitor|oh ?dear\\.app|ohdear|pulsetic|instatus|hyperping",
    "health[ _-]?check(?:er)?(?:/|$| )",
  ].join("|"),
  "i",
);

/** Whether a user agent is a health check's or a monitor's. */
export const isMonitorAgent = (agent: string): boolean => agent !== "" && MONITOR_AGENT.test(agent);

/** Tags of networks (`--networks`) whose requests are health checks. */
export const MONITOR_TAGS: ReadonlySet<string> = new Set(["health-check", "monitor"]);
