import { type ElementType, formatType, type LogicalType, sameType, type TimeUnit } from './logical-type.ts';

/**
 * What is lost when a value goes from one logical type to another. `exact` loses nothing for any
 * value; `checked` loses nothing for the values that fit and must be refused, value by value, for
 * the others; `lossy` changes values and has a name that users allow by (`allow_loss`); `never`
 * has no meaning.
 */
export type Conversion =
  | { readonly outcome: 'exact' }
  | { readonly outcome: 'checked'; readonly reason: string }
  | {
      readonly outcome: 'lossy';
      /** The first of `losses`. */
      readonly loss: string;
      /** Every loss by name: a struct may lose something in several members. All must be allowed. */
      readonly losses: readonly string[];
      readonly reason: string;
    }
  | { readonly outcome: 'never'; readonly reason: string };

const exact: Conversion = { outcome: 'exact' };
const checked = (reason: string): Conversion => ({ outcome: 'checked', reason });
const lossy = (loss: string, reason: string): Conversion => ({
  outcome: 'lossy',
  loss,
  losses: [loss],
  reason,
});

const unitRank: Readonly<Record<TimeUnit, number>> = { s: 0, ms: 1, us: 2, ns: 3 };

interface IntegerShape {
  readonly bits: number;
  readonly signed: boolean;
}

function integerShape(type: LogicalType): IntegerShape | undefined {
  const match = /^(u?)int(8|16|32|64)$/.exec(type.kind);
  return match === null ? undefined : { bits: Number(match[2]), signed: match[1] === '' };
}

/** Decimal digits that every value of an integer type fits in. */
function integerDigits(shape: IntegerShape): number {
  return String(2n ** BigInt(shape.signed ? shape.bits - 1 : shape.bits)).length;
}

/**
 * Losses that change no value, only what the schema says about it: planners allow them without being
 * asked, and show them. `timestamp.zone`: the zone of a timestamp is how its instants are shown, one
 * for the whole column; `2024-05-01T12:00+02:00` in a column of zone UTC is the same instant, equal
 * and sorted as before. So it is no reason to refuse a run, as every copy of a zoned column into
 * Postgres or Snowflake would otherwise be, and not `exact` either, since who reads the column later
 * sees another clock.
 */
export const harmlessLosses: readonly string[] = ['timestamp.zone'];

/**
 * How values of `from` arrive in `to`. The table behind `vp plan`'s predicted losses: a `lossy`
 * mapping is refused before a row moves unless its `loss` is allowed by name.
 *
 * @example
 * ```ts
 * import { conversion } from '@vp/contracts';
 * conversion({ kind: 'timestamp', unit: 'ns' }, { kind: 'timestamp', unit: 'us' });
 * // { outcome: 'lossy', loss: 'timestamp.ns->us', losses: ['timestamp.ns->us'], reason: … }
 * ```
 */
export function conversion(from: LogicalType, to: LogicalType): Conversion {
  if (sameType(from, to)) return exact;
  return (
    fromInteger(from, to) ??
    fromDecimal(from, to) ??
    fromFloat(from, to) ??
    temporal(from, to) ??
    nested(from, to) ??
    toText(from, to) ??
    fromText(from, to) ?? {
      outcome: 'never',
      reason: `There is no mapping from ${formatType(from)} to ${formatType(to)}.`,
    }
  );
}

function fromInteger(from: LogicalType, to: LogicalType): Conversion | undefined {
  const a = integerShape(from);
  if (a === undefined) return undefined;
  const b = integerShape(to);
  if (b !== undefined) {
    const fits = a.signed === b.signed ? a.bits <= b.bits : !a.signed && a.bits < b.bits;
    return fits ? exact : checked(`Values outside the range of ${to.kind} do not fit.`);
  }
  if (to.kind === 'decimal') {
    const fits = integerDigits(a) <= to.precision - to.scale;
    return fits ? exact : checked(`Values over ${to.precision - to.scale} digits do not fit.`);
  }
  if (to.kind === 'float64' || to.kind === 'float32') {
    const digits = to.kind === 'float64' ? 53 : 24;
    return a.bits <= digits
      ? exact
      : lossy(`${from.kind}->${to.kind}`, `Integers beyond 2^${digits} are rounded.`);
  }
  if (to.kind === 'bool') return lossy(`${from.kind}->bool`, 'Every value but 0 becomes true.');
  return undefined;
}

function fromDecimal(from: LogicalType, to: LogicalType): Conversion | undefined {
  if (from.kind !== 'decimal') return undefined;
  const whole = from.precision - from.scale;
  if (to.kind === 'decimal') {
    if (to.scale < from.scale)
      return lossy('decimal.scale', `Digits after place ${to.scale} are rounded off.`);
    return whole <= to.precision - to.scale
      ? exact
      : checked(`Values over ${to.precision - to.scale} digits before the point do not fit.`);
  }
  if (to.kind === 'float64' || to.kind === 'float32') {
    const digits = to.kind === 'float64' ? 15 : 7;
    if (from.scale === 0 && from.precision <= digits) return exact;
    return lossy(`decimal->${to.kind}`, 'Decimal fractions are rounded to binary ones.');
  }
  const shape = integerShape(to);
  if (shape !== undefined) {
    if (from.scale > 0) return lossy('decimal.scale', 'Digits after the point are rounded off.');
    return shape.signed && whole < integerDigits(shape)
      ? exact
      : checked(`Values outside the range of ${to.kind} do not fit.`);
  }
  return undefined;
}

function fromFloat(from: LogicalType, to: LogicalType): Conversion | undefined {
  if (from.kind === 'float32' && to.kind === 'float64') return exact;
  if (from.kind === 'float64' && to.kind === 'float32')
    return lossy('float64->float32', 'Values are rounded to 24 binary digits.');
  if (from.kind !== 'float32' && from.kind !== 'float64') return undefined;
  if (to.kind === 'decimal' || integerShape(to) !== undefined)
    return lossy(`${from.kind}->${to.kind}`, 'Fractions are rounded; NaN and infinities do not fit.');
  return undefined;
}

function temporal(from: LogicalType, to: LogicalType): Conversion | undefined {
  if (from.kind === 'time' && to.kind === 'time') return units(from.kind, from.unit, to.unit);
  if (from.kind === 'timestamp' && to.kind === 'timestamp') {
    return worst([zones(from.tz, to.tz), units(from.kind, from.unit, to.unit)]);
  }
  if (from.kind === 'date' && to.kind === 'timestamp') {
    if (to.tz !== undefined) return lossy('date->instant', 'Midnight is read as if it were midnight in UTC.');
    return to.unit === 's' || to.unit === 'ms'
      ? exact
      : checked(`Dates far from 1970 do not fit in 64 bits of ${to.unit}.`);
  }
  if (from.kind === 'timestamp' && to.kind === 'date')
    return lossy('timestamp->date', 'The time of day is dropped.');
  if (from.kind === 'timestamp' && to.kind === 'time')
    return worst([lossy('timestamp->time', 'The date is dropped.'), units(from.kind, from.unit, to.unit)]);
  return undefined;
}

function zones(from: string | undefined, to: string | undefined): Conversion {
  if (from === to) return exact;
  if (from === undefined)
    return lossy('timestamp.local->utc', 'A wall-clock time is read as if it were UTC.');
  if (to === undefined) return lossy('timestamp.utc->local', 'The zone is dropped.');
  return lossy('timestamp.zone', `The instant is kept, the zone ${from} is replaced by ${to}.`);
}

function units(kind: string, from: TimeUnit, to: TimeUnit): Conversion {
  if (unitRank[from] > unitRank[to]) return lossy(`${kind}.${from}->${to}`, `Digits below 1 ${to} are cut.`);
  if (from === to || kind === 'time') return exact;
  return checked(`Instants far from 1970 do not fit in 64 bits of ${to}.`);
}

function nested(from: LogicalType, to: LogicalType): Conversion | undefined {
  if (from.kind === 'list' && to.kind === 'list') return element(from.item, to.item);
  if (from.kind === 'map' && to.kind === 'map')
    return worst([conversion(from.key, to.key), element(from.value, to.value)]);
  if (from.kind === 'struct' && to.kind === 'struct') {
    const target = new Map(to.fields.map((f) => [f.name, f]));
    const results: Conversion[] = from.fields.map((f) => {
      const other = target.get(f.name);
      return other === undefined ? lossy('struct.member', `Member ${f.name} is dropped.`) : element(f, other);
    });
    const known = new Set(from.fields.map((f) => f.name));
    for (const f of to.fields) {
      if (!known.has(f.name) && !f.nullable) results.push(checked(`Member ${f.name} has no value.`));
    }
    return worst(results);
  }
  if ((from.kind === 'list' || from.kind === 'struct' || from.kind === 'map') && to.kind === 'json') {
    return lossy(`${from.kind}->json`, 'Member types other than text, number, bool are written as text.');
  }
  return undefined;
}

function element(from: ElementType, to: ElementType): Conversion {
  const inner = conversion(from.type, to.type);
  if (!from.nullable || to.nullable) return inner;
  return worst([inner, checked('NULL is not allowed in the target.')]);
}

const severity: Readonly<Record<Conversion['outcome'], number>> = {
  exact: 0,
  checked: 1,
  lossy: 2,
  never: 3,
};

function worst(results: readonly Conversion[]): Conversion {
  const first = results.reduce((a, b) => (severity[b.outcome] > severity[a.outcome] ? b : a), exact);
  if (first.outcome !== 'lossy') return first;
  const losses = new Set(results.flatMap((r) => (r.outcome === 'lossy' ? r.losses : [])));
  return { ...first, losses: [...losses] };
}

function toText(from: LogicalType, to: LogicalType): Conversion | undefined {
  if (to.kind !== 'utf8') {
    const isPlain = from.kind === 'bool' || from.kind === 'decimal' || integerShape(from) !== undefined;
    return to.kind === 'json' && isPlain ? exact : undefined;
  }
  switch (from.kind) {
    case 'enum':
    case 'uuid':
    case 'json':
      return exact;
    case 'binary':
      return lossy('binary->utf8', 'Bytes are written as hexadecimal text.');
    default:
      return lossy('type->utf8', `Values are kept as text, the type ${formatType(from)} is not.`);
  }
}

function fromText(from: LogicalType, to: LogicalType): Conversion | undefined {
  if (from.kind === 'enum' && to.kind === 'enum') {
    const missing = from.values.filter((v) => !to.values.includes(v));
    return missing.length === 0 ? exact : checked(`Not in the target: ${missing.join(', ')}.`);
  }
  const isText = from.kind === 'utf8' || from.kind === 'enum' || from.kind === 'uuid' || from.kind === 'json';
  // The bytes of the text.
  if (isText && to.kind === 'binary') return exact;
  if (from.kind !== 'utf8' && from.kind !== 'enum') return undefined;
  if (!hasTextForm(to)) return undefined;
  return checked(`Text that is no ${formatType(to)} does not fit.`);
}

/** Whether there is one text for each value, the same for all who write it: what has none is not parsed. */
function hasTextForm({ kind }: LogicalType): boolean {
  return kind !== 'list' && kind !== 'struct' && kind !== 'map' && kind !== 'interval';
}
