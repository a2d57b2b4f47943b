/** The policy to begin with, as `geopivot policy init` prints it: of use as it is, with the names of receivers to fill in. */
export const STARTER_POLICY = `# How findings become alerts. "geopivot policy check FILE" says what is wrong with it; docs/triage.md explains every field.
schema: geopivot.policy/1

# What is milder than this never reaches anybody.
alertFrom: medium

# Names for lists of regions. Take in what your teams answer for.
regions:
  emea: [Europe, Africa, Western Asia]
  americas: [Americas]
  apac: [Eastern Asia, South-eastern Asia, Southern Asia, Oceania]

# Names for who is hit. Rules below may raise what hits them.
tiers:
  revenue:
    service: [checkout, payment*]

# Severities, in order: each rule works on what the one before left.
severities:
  - name: slow is not down
    when: { kind: latency-hotspot }
    atMost: high
  - name: one account is no emergency
    when: { subtype: [impossible-travel, concurrent-sessions, new-origin] }
    atMost: medium
  - name: hardly anybody is hit
    when: { kind: [regional-outage, latency-hotspot], clientsBelow: 5 }
    lower: 1
  - name: not sure enough
    when: { confidenceBelow: 0.9 }
    lower: 1
  - name: revenue is hit
    when: { kind: regional-outage, tier: revenue }
    raise: 1

# Findings that begin within 15 minutes at one place or with one cause are one incident; so are four regions that fail
# alike within 10.
grouping:
  within: 15m
  storm: 4
  stormWithin: 10m

# Own maintenance hides what begins in it. "local" is the time where the finding is.
windows: []
#  - name: weekly database failover
#    match: { region: emea, service: api }
#    zone: local
#    days: [sun]
#    from: "02:00"
#    until: "04:00"

# Somebody knows already. Every silence ends, and says whose it is.
silences: []
#  - match: { region: Iran }
#    until: 2026-12-01T00:00:00Z
#    author: jo
#    reason: announced shutdown

# The first route that matches gives the receivers; with "continue" those after it are asked, too.
routes:
  - name: security
    match: { kind: suspicious-traffic }
    receivers: [security]
  - name: on call
    match: { severity: [critical, high] }
    receivers: [oncall]
defaultReceivers: [tickets]

# What lasts is for more people.
escalations:
  - name: critical for half an hour
    after: 30m
    match: { severity: critical }
    receivers: [incident-manager]
  - name: high for two hours
    after: 2h
    match: { severity: high, kind: regional-outage }
    raise: 1

# What comes and goes is left alone until it stays.
flapping:
  changes: 3
  within: 1h
  stays: 15m

# Six alerts an hour; the rest is one digest. What is critical is always told.
budget:
  alertsPerHour: 6
  exempt: critical

# What to do first. The first that matches and has a "url" gives the link; steps add up until then.
runbooks:
  - match: { subtype: traffic-drop }
    steps:
      - See whether the requests arrive elsewhere; if they do, clients were moved and nothing is lost.
      - Ask the providers of the region, and look at outage reports of others.
      - Look at what changed for the region in DNS, BGP and the CDN since it began.
  - match: { subtype: errors }
    steps:
      - If a version carries it, roll that version back.
      - If a location carries it, drain that location.
      - Look at the region's upstreams and at the errors themselves.
  - match: { subtype: refused }
    steps:
      - Look at rules of the firewall, rate limits and geographic blocks that changed since it began.
  - match: { kind: latency-hotspot }
    steps:
      - See which server or location answers the region, and whether it changed.
      - Move the region to its next nearest healthy location.
  - match: { subtype: [credential-stuffing, password-spraying, brute-force] }
    steps:
      - Block the addresses or ask them for a challenge.
      - Lock the accounts that were opened, end their sessions and tell their owners.
  - match: { subtype: [impossible-travel, concurrent-sessions, new-origin] }
    steps:
      - Ask the owner of the account by another way; if it was not them, end all its sessions.
  - match: { subtype: [traffic-surge, busy-client, scraper] }
    steps:
      - Rate-limit the addresses, and see that the others are served.
`;
