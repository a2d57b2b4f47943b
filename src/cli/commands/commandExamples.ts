/**
 * What each command's help gives as examples. A test runs them all on the sample, in a folder where the files that they
 * name are.
 */
export const commandExamples: Readonly<Record<string, readonly string[]>> = {
  analyze: [
    "geopivot analyze access.log.gz --html report.html",
    "geopivot analyze access.log.gz --dims service,version --json findings.json --cube traffic.cube",
    "zcat access.log.gz | geopivot analyze - --fail-on critical",
  ],
  compare: [
    "geopivot compare before.log.gz after.log.gz --by country --markdown change.md",
    "geopivot compare access.log.gz --split version=4.2.0,4.3.0 --fail-on high",
  ],
  compile: ["geopivot compile --out places.table", "geopivot compile --networks own.json --out places.table"],
  completion: [
    "source <(geopivot completion bash)",
    'geopivot completion zsh > "${fpath[1]}/_geopivot"',
    "geopivot completion fish > ~/.config/fish/completions/geopivot.fish",
  ],
  demo: ["geopivot demo", "geopivot demo --out /tmp/geopivot-demo"],
  events: [
    "geopivot events access.log.gz --limit 5",
    "geopivot events access.log.gz --trust 10.0.0.0/8 --networks own.json --limit 5",
  ],
  explain: [
    "geopivot explain access.log.gz --from 2026-03-05T10:30Z --to 2026-03-05T11:25Z --measure requests",
    "geopivot explain access.log.gz --from 2026-03-05T14:10Z --to 2026-03-05T14:50Z --against previous --json why.json",
  ],
  locate: ["geopivot locate 81.2.69.142 2001:4860:4860::8888", "cat addresses.txt | geopivot locate -"],
  pivot: [
    "geopivot pivot access.log.gz --by country,hour --measure count,error_rate,p95",
    "geopivot pivot access.log.gz --by city --where country=Germany --top 10 --csv cities.csv",
    "geopivot pivot access.log.gz --by service --columns version --totals",
    "geopivot pivot access.log.gz --by cell --measure count,p95 --coordinates --csv cells.csv",
  ],
  policy: ["geopivot policy init > policy.yaml", "geopivot policy check policy.yaml"],
  report: [
    "geopivot report findings.json --html report.html",
    'geopivot report traffic.cube findings.json --title "The week of the release" --html report.html',
  ],
  simulate: [
    "geopivot simulate spec.json --out simulated",
    "geopivot simulate spec.json --out simulated && geopivot analyze simulated/events.ndjson",
  ],
  sql: [
    "geopivot sql --table logs.requests --dims service --from 2026-03-05 --to 2026-03-06",
    "geopivot sql --table logs.requests --ddl > locations.sql",
  ],
  steer: [
    "geopivot steer access.log.gz --servers servers.json",
    "geopivot steer access.log.gz --servers servers.json --down fra --json plan.json",
  ],
  triage: [
    "geopivot triage findings.json --policy policy.yaml",
    "geopivot triage findings.json --format slack --out slack.json --post-mortems post-mortems",
  ],
  watch: [
    "geopivot watch /var/log/nginx/access.log --state /var/lib/geopivot --listen 127.0.0.1:8080",
    "zcat access.log.gz | geopivot watch - --journal changes.ndjson",
    "geopivot watch access.log.gz --replay --speed 1000000 --policy policy.yaml",
  ],
};
