/** Lines that people bring and that are no record of requests, or lack what places one; the way to logs that can be read. */
const WAYS: readonly (readonly [RegExp, string])[] = [
  [/^\d{4}\/\d\d\/\d\d [\d:]+ \[\w+\] \d+#\d+:/, "an error log of nginx: give its access log"],
  [/^\[\w{3} \w{3} \d\d [\d:.]+ \d{4}\] \[/, "an error log of Apache: give its access log"],
  [/^[\d.]+, [^,]+, \d+\/\d+\/\d+, [\d:]+, W3SVC/, "IIS's own format: have IIS write W3C extended logs"],
  [
    /^(?:INFO|DEBUG|WARNING|ERROR): +\S+ - "[A-Z]+ \S+ HTTP/,
    "lines of Uvicorn have no time: add it to its access format (%(asctime)s)",
  ],
  [
    /^"?(?:Timestamp"?,"?User Count|Type"?,"?Name"?,"?(?:Request Count|# requests)|Method"?,"?Name"?,"?(?:Error|# requests)|Count"?,"?Message"?,"?Traceback)/,
    "Locust's summaries are totals so far, not requests: write a line a request (its `request` event) with timestamp, request_type, name, response_time and response_length, or a JMeter JTL file",
  ],
  [/^\d{4}\/\d\d\/\d\d [\d:.]+\tINFO\t.*\t\{/, "Caddy's lines for people: have it write JSON (`format json`)"],
  [/^metric_name,timestamp,metric_value/, "k6's CSV: have it write JSON (--out json=FILE)"],
  [/^<\?xml/, "XML is not read: JMeter writes CSV (jmeter.save.saveservice.output_format=csv)"],
  [/^<request id=/, "API Gateway's XML: choose its JSON or CLF"],
  [/\bsshd(?:-session)?\[\d+\]: /, "a log of sshd: write its log-ins as NDJSON with ts, ip, user and status"],
  [
    /^["\w][\w .:@"-]*(?:[,;\t|][^,;\t|[\]]*){2,}$/,
    "a table needs a header that names a time and an address: --map ts=COLUMN,ip=COLUMN (or date=COLUMN,clock=COLUMN)",
  ],
];
const OTHERWISE = "say its fields by --format, as nginx's log_format or Apache's LogFormat does";

/** What to do about a log of which no format is known, by its first line. */
export function wayToRead(firstLine: string): string {
  return WAYS.find(([form]) => form.test(firstLine))?.[1] ?? OTHERWISE;
}
