import type { Session } from '../connection/server.ts';
import type { NativeType } from '../types/native-type.ts';

interface TypeRow {
  readonly oid: number;
  readonly name: string;
  readonly kind: string;
  readonly base: number;
  readonly base_modifier: number;
  readonly element: number;
  readonly labels: readonly string[] | null;
}

/** The types of these oids, and those that they are made of. */
export async function readTypes(
  session: Session,
  wanted: readonly number[],
): Promise<ReadonlyMap<number, NativeType>> {
  // The driver gives oid as number and text[] as array.
  const rows = await session.query<TypeRow>(
    `with recursive needed(oid) as (
       select unnest($1::oid[])
       union
       select unnest(array[t.typbasetype, t.typelem]) from needed n join pg_type t on t.oid = n.oid
     )
     select t.oid, format_type(t.oid, null) as name, t.typtype::text as kind, t.typbasetype as base,
            t.typtypmod as base_modifier,
            case when t.typcategory = 'A' then t.typelem else 0 end as element,
            (select array_agg(e.enumlabel::text order by e.enumsortorder) from pg_enum e
              where e.enumtypid = t.oid) as labels
       from pg_type t where t.oid in (select oid from needed)`,
    [wanted],
  );
  return new Map(
    rows.map((row) => [
      row.oid,
      {
        oid: row.oid,
        name: row.name,
        kind: row.kind,
        ...(row.kind === 'd' ? { base: { oid: row.base, modifier: row.base_modifier } } : {}),
        ...(row.element === 0 ? {} : { element: row.element }),
        ...(row.labels === null ? {} : { labels: row.labels }),
      },
    ]),
  );
}
