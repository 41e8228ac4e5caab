import { formatType, type LogicalType, type TimeUnit } from '@vp/plugin-sdk';
import { mapLeaves } from './map-leaves.ts';
import { identifier, literal } from './sql.ts';
import { toNative } from './types.ts';

/** Stands between the parts of {@link castFailure}'s message. */
export const failureMark = '\u001f';

/** `strptime` patterns of text that is not ISO 8601. */
export interface TextPatterns {
  readonly dateFormat?: string | undefined;
  readonly timestampFormat?: string | undefined;
}

/** How a column of text becomes a column of its type. */
export interface TextCast {
  /** The value; fails with {@link failureMark} where the native cast would round or cut. */
  readonly value: string;
  /** Whether the text does not fit; not for nested types. */
  readonly isBad?: string;
}

/** The type as which text is read before it is cast: the same shape, with text for leaves. */
export function textType(type: LogicalType): LogicalType {
  return mapLeaves(type, (leaf) => (leaf.kind === 'json' ? leaf : { kind: 'utf8' }));
}

/**
 * Text as a value of `type`, exactly. The native cast rounds `1.5` to an integer, cuts digits of
 * decimals and seconds and drops the time of a date: such texts fail instead.
 */
export function castText(
  x: string,
  type: LogicalType,
  column: string,
  patterns: TextPatterns = {},
): TextCast {
  switch (type.kind) {
    case 'utf8':
    case 'json':
      return { value: x, isBad: 'false' };
    case 'list': {
      const item = castText('i', type.item.type, column, patterns).value;
      return { value: item === 'i' ? x : `list_transform(${x}, lambda i: ${item})` };
    }
    case 'struct': {
      const members = type.fields.map(
        (f) =>
          `${literal(f.name)}: ${castText(`${x}.${identifier(f.name)}`, f.type, `${column}.${f.name}`, patterns).value}`,
      );
      return { value: `case when ${x} is null then null else {${members.join(', ')}} end` };
    }
    case 'map': {
      const key = castText('e.key', type.key, column, patterns).value;
      const value = castText('e.value', type.value.type, column, patterns).value;
      return {
        value: `map_from_entries(list_transform(map_entries(${x}), lambda e: {'key': ${key}, 'value': ${value}}))`,
      };
    }
    default:
      return castLeaf(x, type, column, patterns);
  }
}

function castLeaf(x: string, type: LogicalType, column: string, patterns: TextPatterns): TextCast {
  const native = toNative(type);
  const pattern =
    type.kind === 'date'
      ? patterns.dateFormat
      : type.kind === 'timestamp'
        ? patterns.timestampFormat
        : undefined;
  const [plain, attempt] =
    pattern === undefined
      ? [`cast(${x} as ${native})`, `try_cast(${x} as ${native})`]
      : [`cast(strptime(${x}, ${literal(pattern)}) as ${native})`, `try_strptime(${x}, ${literal(pattern)})`];
  const cut = pattern === undefined ? cutCondition(x, type) : undefined;
  const isBad = `${x} is not null and (${attempt} is null${cut === undefined ? '' : ` or ${cut}`})`;
  if (cut === undefined) return { value: plain, isBad };
  return { value: `case when ${cut} then ${castFailure(x, type, column)} else ${plain} end`, isBad };
}

const fractionDigits: Readonly<Record<TimeUnit, number>> = { s: 0, ms: 3, us: 6, ns: 9 };

/** When the native cast would lose something; cheap conditions first, as they decide for ordinary values. */
function cutCondition(x: string, type: LogicalType): string | undefined {
  const unless = (good: string) => `not regexp_full_match(${x}, ${literal(good)})`;
  const hasExponent = `contains(${x}, 'e') or contains(${x}, 'E')`;
  switch (type.kind) {
    case 'decimal':
      return `((contains(${x}, '.') or ${hasExponent}) and ${unless(`\\s*[+-]?\\d*\\.\\d{0,${type.scale}}0*\\s*`)})`;
    case 'date':
      return `contains(${x}, ':')`;
    case 'time':
    case 'timestamp':
      return `(contains(${x}, '.') and regexp_matches(${x}, ${literal(`\\.\\d{${fractionDigits[type.unit]}}\\d*[1-9]`)}))`;
    default:
      if (!/^u?int\d/.test(type.kind)) return undefined;
      return `((contains(${x}, '.') or ${hasExponent}) and ${unless('\\s*[+-]?\\d+\\.0*\\s*')})`;
  }
}

function castFailure(x: string, type: LogicalType, column: string): string {
  const head = ['vp-value', column, formatType(type), ''].join(failureMark);
  return `error(${literal(head)} || ${x})`;
}
