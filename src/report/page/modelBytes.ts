import { type PackedModel, packModel, unpackModel } from "./packModel.js";
import type { ReportModel } from "./reportModel.js";

const LENGTH_BYTES = 4;

/** A model as bytes to be sent: the length of the JSON part, the JSON part, the columns. */
export function modelToBytes(model: ReportModel): Uint8Array {
  const { json, bytes }: PackedModel = packModel(model);
  const text = new TextEncoder().encode(json);
  const all = new Uint8Array(LENGTH_BYTES + text.length + bytes.length);
  new DataView(all.buffer).setUint32(0, text.length, true);
  all.set(text, LENGTH_BYTES);
  all.set(bytes, LENGTH_BYTES + text.length);
  return all;
}

/** The model of {@link modelToBytes}. */
export function modelFromBytes(bytes: Uint8Array): ReportModel {
  const end = LENGTH_BYTES + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const json = new TextDecoder().decode(bytes.subarray(LENGTH_BYTES, end));
  return unpackModel({ json, bytes: bytes.slice(end) });
}
