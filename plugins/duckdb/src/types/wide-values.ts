/** A signed 128-bit integer, low half first. */
export function read128(view: DataView, at: number): bigint {
  return (view.getBigInt64(at + 8, true) << 64n) | view.getBigUint64(at, true);
}

export function write128(view: DataView, at: number, value: bigint): void {
  view.setBigUint64(at, BigInt.asUintN(64, value), true);
  view.setBigInt64(at + 8, BigInt.asIntN(64, value >> 64n), true);
}

/** `1234` with scale 2 is `12.34`. */
export function formatDecimal(unscaled: number | bigint, scale: number): string {
  if (scale === 0) return unscaled.toString();
  const isNegative = unscaled < 0;
  const digits = (isNegative ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const cut = digits.length - scale;
  return `${isNegative ? '-' : ''}${digits.slice(0, cut)}.${digits.slice(cut)}`;
}

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?$/;

/** The unscaled integer of a decimal text; `undefined` when it is none or has more digits than fit. */
export function parseDecimal(text: string, precision: number, scale: number): bigint | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = ''] = match;
  if (whole === '' && fraction === '') return undefined;
  const kept = fraction.slice(0, scale).padEnd(scale, '0');
  if (/[1-9]/.test(fraction.slice(scale))) return undefined;
  const digits = `${whole}${kept}`.replace(/^0+(?=\d)/, '');
  if (digits.length > precision && digits !== '0') return undefined;
  const value = BigInt(digits === '' ? '0' : digits);
  return sign === '-' ? -value : value;
}

// DuckDB keeps UUIDs as integers whose first bit is flipped, so that they sort like their text.
const FLIP = 1n << 127n;

export function formatUuid(value: bigint): string {
  const hex = (BigInt.asUintN(128, value) ^ FLIP).toString(16).padStart(32, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function parseUuid(text: string): bigint | undefined {
  if (!UUID.test(text)) return undefined;
  return BigInt.asIntN(128, BigInt(`0x${text.replaceAll('-', '')}`) ^ FLIP);
}
