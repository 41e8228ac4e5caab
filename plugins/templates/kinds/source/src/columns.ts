import { type RowOf, t, toTableSchema } from '@vp/plugin-sdk';

/** The columns that assets see. Begin here when you make this plugin your own. */
const columns = {
  id: t.int64(),
  at: t.timestamp({ unit: 'us', tz: 'UTC' }),
  label: t.text().nullable(),
  value: t.float64().nullable(),
};

export const schema = toTableSchema(columns, ['id']);

/** A record as the API sends it. Ids are text, because JSON.parse rounds numbers above 2^53. */
export interface ApiRecord {
  readonly id: string;
  readonly at: string;
  readonly label?: string | null;
  readonly value?: number | null;
}

/** A record as a row: int64 is a bigint, a timestamp counts microseconds. */
export function toRow(record: ApiRecord): RowOf<typeof columns> {
  return {
    id: BigInt(record.id),
    at: BigInt(Date.parse(record.at)) * 1000n,
    label: record.label ?? null,
    value: record.value ?? null,
  };
}
