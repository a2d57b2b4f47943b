#!/bin/sh
# Stops a pipeline where a release is worse under load, and says in which region.
#
#   load-test-gate.sh BEFORE AFTER [REPORT_FOLDER]
#
# BEFORE and AFTER are results of the same load test against what runs and what is to run: k6's JSON (`k6 run --out json=FILE`),
# JMeter's JTL, Gatling's simulation.log. Regions are told by a tag of the requests: `region`, in k6
# `http.get(url, { tags: { region: "eu" } })`, which is the dimension load_region; GATE_BY=load_zone where load is made in
# several zones.
#
# Ends with 0 where nothing is worse, 3 where something is, 2 where a file cannot be read.
set -eu
before=$1
after=$2
reports=${3:-.}
mkdir -p "$reports"
exec "${GEOPIVOT:-geopivot}" compare "$before" "$after" \
  --by "${GATE_BY:-load_region}" --fail-on "${GATE_FAIL_ON:-medium}" \
  --junit "$reports/load-test.xml" --markdown "$reports/load-test.md"
