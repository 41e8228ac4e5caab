import { type CheckSpec, type Columns, didYouMean, hasBrand } from '@vp/contracts';
import type { Check } from './check.ts';
import { errors } from './errors.ts';
import { formatOrigin } from './origin.ts';
import { describeValue } from './validate.ts';

const isCheck = (value: unknown): value is Check => hasBrand(value, '@vp/check');

/** The checks of an asset in plain form: each with a name, on columns that are there. */
export function checkSpecs(init: {
  readonly call: string;
  readonly checks: unknown;
  readonly columns: Columns | undefined;
}): readonly CheckSpec[] {
  const { call, checks = [], columns } = init;
  if (!Array.isArray(checks)) {
    throw errors.VP_AUTHORING_OPTION_INVALID({
      call,
      option: 'checks',
      expected: 'an array of checks',
      got: describeValue(checks),
    });
  }
  const byName = new Map<string, CheckSpec>();
  for (const [index, check] of checks.entries()) {
    if (!isCheck(check)) {
      throw errors.VP_AUTHORING_OPTION_INVALID({
        call,
        option: `checks[${index}]`,
        expected: 'a check such as check.notNull("id")',
        got: describeValue(check),
      });
    }
    const spec = { ...check.spec, name: check.spec.name ?? defaultName(check.spec) };
    if (columns !== undefined) checkColumns({ call, spec, uses: check.uses, names: Object.keys(columns) });
    const other = byName.get(spec.name);
    if (other !== undefined) {
      throw errors.VP_AUTHORING_DUPLICATE({
        what: `checks of ${call}`,
        name: spec.name,
        first: formatOrigin(other.origin),
        second: formatOrigin(spec.origin),
      });
    }
    byName.set(spec.name, spec);
  }
  return [...byName.values()];
}

function defaultName(spec: Check['spec']): string {
  const columns = spec.columns.join(', ');
  if (spec.rule === 'expression') return `expression(${String(spec.options.sql)})`;
  const where = spec.where === undefined ? '' : ` where ${spec.where}`;
  return `${spec.rule}(${columns})${where}`;
}

function checkColumns(init: {
  readonly call: string;
  readonly spec: CheckSpec;
  readonly uses: readonly string[];
  readonly names: readonly string[];
}): void {
  const { call, spec, uses, names } = init;
  const column = uses.find((each) => !names.includes(each));
  if (column === undefined) return;
  throw errors.VP_AUTHORING_COLUMN_UNKNOWN(
    {
      call: `${call}: check ${spec.name}`,
      column,
      asset: 'the asset',
      suggestion: didYouMean(column, names),
    },
    spec.origin === undefined ? {} : { at: spec.origin },
  );
}
