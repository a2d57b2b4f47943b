import type { FieldMeanings } from "../fields/fieldMap.js";

/** A vendor's log of one JSON object a record. */
export interface JsonFormat {
  readonly kind: "json";
  readonly name: string;
  /** What people call it. */
  readonly title: string;
  /** A record with all fields of one of these sets is of this format. */
  readonly signature: readonly (readonly string[])[];
  readonly fields: FieldMeanings;
  /** Meanings under which records of the vendor's other generation are read, and which field tells them. */
  /** Records need no client address. */
  readonly addressless?: boolean;
  /** Records are events only where a field has this value; others are passed over. */
  readonly only?: { readonly field: string; readonly value: string };
  readonly older?: { readonly field: string; readonly fields: FieldMeanings };
}
