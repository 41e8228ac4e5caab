/** Flags of the sign word of a numeric's binary form. Source: numeric.c. */
const negative = 0x4000;
const special: Readonly<Record<number, string>> = {
  49152: 'NaN',
  53248: 'Infinity',
  61440: '-Infinity',
};

/**
 * The text of a binary numeric: groups of four decimal digits, the first worth 10000 to the power of the
 * weight. Gives exactly as many digits after the point as the value declares.
 */
export function numericText(bytes: Buffer, start: number): string {
  const count = bytes.readUInt16BE(start);
  const weight = bytes.readInt16BE(start + 2);
  const sign = bytes.readUInt16BE(start + 4);
  const scale = bytes.readUInt16BE(start + 6);
  const odd = special[sign];
  if (odd !== undefined) return odd;
  const digits = start + 8;
  const group = (index: number) => (index >= 0 && index < count ? bytes.readUInt16BE(digits + 2 * index) : 0);

  let text = sign === negative ? '-' : '';
  if (weight < 0) text += '0';
  else {
    text += group(0);
    for (let index = 1; index <= weight; index++) text += padded(group(index));
  }
  if (scale === 0) return text;
  let fraction = '';
  for (let index = weight + 1; fraction.length < scale; index++) fraction += padded(group(index));
  return `${text}.${fraction.length === scale ? fraction : fraction.slice(0, scale)}`;
}

function padded(group: number): string {
  if (group > 999) return String(group);
  if (group > 99) return `0${group}`;
  return group > 9 ? `00${group}` : `000${group}`;
}
