import { type Columns, didYouMean } from '@vp/contracts';
import type { ColumnRef } from './asset-type.ts';
import { errors } from './errors.ts';

/** `asset.columns`: a misspelt name is an error that names the right one, for JavaScript users too. */
export function columnRefs(asset: string, columns: Columns | undefined): Readonly<Record<string, ColumnRef>> {
  const names = Object.keys(columns ?? {});
  const refs: Record<string, ColumnRef> = Object.create(null);
  for (const name of names) refs[name] = { $$type: '@vp/column-ref', version: 'v1', asset, name };
  return new Proxy(Object.freeze(refs), {
    get(target, name) {
      // Inspectors and `await` ask for these of any object.
      if (typeof name === 'symbol' || name in target || ['then', 'toJSON'].includes(name)) {
        return Reflect.get(target, name);
      }
      throw errors.VP_AUTHORING_COLUMN_UNKNOWN({
        call: `${asset}.columns`,
        column: name,
        asset: `"${asset}"`,
        suggestion:
          columns === undefined
            ? `Give asset("${asset}") a schema, so that its columns are known.`
            : didYouMean(name, names),
      });
    },
  });
}
