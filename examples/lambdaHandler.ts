// An AWS Lambda that judges the access log it is given: findings of an hour's log, in well under a second. It bundles with
// esbuild or rollup, to CommonJS and to ES modules; a database goes beside the bundle (GEOPIVOT_DB=/var/task/city.mmdb).

import { gunzipSync } from "node:zlib";
import { analyze, openLocator, type UserNetwork } from "geopivot";

/** What invokes it: a log, gzipped and base64, as CloudWatch hands logs over. */
export interface LogEvent {
  readonly awslogs: { readonly data: string };
  /** Networks of one's own; with them alone no database is needed. */
  readonly networks?: readonly UserNetwork[];
}

export async function handler({ awslogs, networks }: LogEvent): Promise<{ readonly titles: readonly string[] }> {
  const log = gunzipSync(Buffer.from(awslogs.data, "base64"));
  const locator = await openLocator(networks ? { databases: [], networks } : {});
  const { findings, report } = await analyze(log, { locator, workers: 1 });
  console.log(`${report.events} requests, ${findings.length} findings`);
  return { titles: findings.map(({ title }) => title) };
}
