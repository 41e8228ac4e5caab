import { isUint8Array } from 'node:util/types';
import type { ElementType, LogicalType, TimeUnit } from '@vp/contracts';
import { formatType } from '@vp/contracts';

/** Says what is wrong with a value, `undefined` when it fits. Made once per column. */
export type ValueChecker = (value: unknown) => string | undefined;

/**
 * What keeps `value` from being a value of `type`, in words; `undefined` when it fits. NULL is for
 * the column's nullability to judge, and fits no type here.
 *
 * @example
 * ```ts
 * import { checkValue } from '@vp/plugin-sdk';
 * checkValue({ kind: 'int64' }, 12n); // undefined
 * checkValue({ kind: 'int64' }, 12); // '12 is a number, int64 takes a bigint'
 * ```
 */
export function checkValue(type: LogicalType, value: unknown): string | undefined {
  return valueChecker(type)(value);
}

/**
 * {@link checkValue} for many values of one type: the type is looked at once. With `nullable`,
 * `null` fits too.
 *
 * @example
 * ```ts
 * import { valueChecker } from '@vp/plugin-sdk';
 * const check = valueChecker({ kind: 'uint8' }, { nullable: true });
 * const problems = [1, null, 256].map(check).filter((p) => p !== undefined); // 256
 * ```
 */
export function valueChecker(type: LogicalType, options: { readonly nullable?: boolean } = {}): ValueChecker {
  const check = checkers(type);
  return options.nullable === true ? (value) => (value === null ? undefined : check(value)) : check;
}

const dayOf: Readonly<Record<TimeUnit, bigint>> = {
  s: 86_400n,
  ms: 86_400_000n,
  us: 86_400_000_000n,
  ns: 86_400_000_000_000n,
};
const int64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };
const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function checkers(type: LogicalType): ValueChecker {
  switch (type.kind) {
    case 'bool':
      return (v) => (typeof v === 'boolean' ? undefined : wrong(v, type, 'a boolean'));
    case 'int8':
    case 'int16':
    case 'int32':
    case 'uint8':
    case 'uint16':
    case 'uint32':
      return integer(type, type.kind);
    case 'date':
      return integer(type, 'int32', 'whole days since 1970-01-01 as a number');
    case 'int64':
    case 'timestamp':
      return bigint(type, int64.min, int64.max);
    case 'uint64':
      return bigint(type, 0n, 2n ** 64n - 1n);
    case 'time':
      return bigint(type, 0n, dayOf[type.unit]);
    case 'float64':
      return (v) => (typeof v === 'number' ? undefined : wrong(v, type, 'a number'));
    case 'float32':
      return (v) =>
        typeof v === 'number' && Object.is(Math.fround(v), v)
          ? undefined
          : wrong(v, type, 'a number of 24 binary digits');
    case 'decimal':
      return decimal(type);
    case 'utf8':
      return (v) =>
        typeof v === 'string' && v.isWellFormed() ? undefined : wrong(v, type, 'well-formed text');
    case 'enum':
      return (v) =>
        typeof v === 'string' && type.values.includes(v) ? undefined : wrong(v, type, 'one of its values');
    case 'uuid':
      return (v) =>
        typeof v === 'string' && uuidPattern.test(v) ? undefined : wrong(v, type, 'lower case with hyphens');
    case 'json':
      return (v) => (typeof v === 'string' && isJson(v) ? undefined : wrong(v, type, 'JSON text'));
    case 'binary':
      return (v) => (isUint8Array(v) ? undefined : wrong(v, type, 'a Uint8Array'));
    case 'interval':
      return (v) => (isInterval(v) ? undefined : wrong(v, type, '{ months, days, nanos: bigint }'));
    case 'list':
      return listOf(type, element(type.item));
    case 'map':
      return mapOf(type, valueChecker(type.key), element(type.value));
    case 'struct':
      return structOf(type);
  }
}

function wrong(value: unknown, type: LogicalType, takes: string): string {
  const what =
    typeof value === 'object' && value !== null
      ? value.constructor?.name === undefined
        ? 'The value'
        : `A ${value.constructor.name}`
      : `${typeof value === 'string' ? JSON.stringify(clip(value)) : String(value)}`;
  const kind = value === null ? '' : ` is a ${typeof value},`;
  return `${what}${kind === '' ? ' came,' : kind} ${formatType(type)} takes ${takes}`;
}

const clip = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

const element = (e: ElementType): ValueChecker => valueChecker(e.type, { nullable: e.nullable });

function integer(type: LogicalType, kind: string, takes?: string): ValueChecker {
  const bits = Number(kind.replace(/\D+/, ''));
  const unsigned = kind.startsWith('u');
  const min = unsigned ? 0 : -(2 ** (bits - 1));
  const max = unsigned ? 2 ** bits - 1 : 2 ** (bits - 1) - 1;
  const words = takes ?? `an integer number from ${min} to ${max}`;
  return (v) =>
    typeof v === 'number' && Number.isInteger(v) && v >= min && v <= max ? undefined : wrong(v, type, words);
}

function bigint(type: LogicalType, min: bigint, max: bigint): ValueChecker {
  return (v) => {
    if (typeof v !== 'bigint') return wrong(v, type, 'a bigint');
    return v >= min && v <= max ? undefined : wrong(v, type, `a bigint from ${min} to ${max}`);
  };
}

function decimal(type: Extract<LogicalType, { kind: 'decimal' }>): ValueChecker {
  const whole = type.precision - type.scale;
  return (v) => {
    if (typeof v !== 'string') return wrong(v, type, 'a string of digits such as "-12.50"');
    const match = /^-?0*(\d*)(?:\.(\d+))?$/.exec(v);
    if (match === null || !/\d/.test(v)) return wrong(v, type, 'plain digits without an exponent');
    const fits = (match[1] ?? '').length <= whole && (match[2] ?? '').length <= type.scale;
    return fits ? undefined : wrong(v, type, `${whole} digits before the point and ${type.scale} after`);
  };
}

function isInterval(v: unknown): boolean {
  if (typeof v !== 'object' || v === null) return false;
  if (!('months' in v && 'days' in v && 'nanos' in v)) return false;
  return Number.isInteger(v.months) && Number.isInteger(v.days) && typeof v.nanos === 'bigint';
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function listOf(type: LogicalType, item: ValueChecker): ValueChecker {
  return (v) => {
    if (!Array.isArray(v)) return wrong(v, type, 'an array');
    for (let i = 0; i < v.length; i++) {
      const problem = item(v[i]);
      if (problem !== undefined) return `item ${i}: ${problem}`;
    }
    return undefined;
  };
}

function mapOf(type: LogicalType, key: ValueChecker, value: ValueChecker): ValueChecker {
  return (v) => {
    if (!Array.isArray(v)) return wrong(v, type, 'an array of [key, value] pairs');
    for (const [i, pair] of v.entries()) {
      if (!Array.isArray(pair) || pair.length !== 2) return `entry ${i} is no [key, value] pair`;
      const problem = key(pair[0]) ?? value(pair[1]);
      if (problem !== undefined) return `entry ${i}: ${problem}`;
    }
    return undefined;
  };
}

function structOf(type: Extract<LogicalType, { kind: 'struct' }>): ValueChecker {
  const members = type.fields.map((f) => ({ name: f.name, check: element(f) }));
  return (v) => {
    if (typeof v !== 'object' || v === null || Array.isArray(v)) return wrong(v, type, 'an object');
    const values = new Map<string, unknown>(Object.entries(v));
    for (const { name, check } of members) {
      const problem = check(values.get(name));
      if (problem !== undefined) return `member ${name}: ${problem}`;
    }
    const unknown = [...values.keys()].find((name) => !members.some((m) => m.name === name));
    return unknown === undefined ? undefined : `member ${unknown} is not in ${formatType(type)}`;
  };
}
