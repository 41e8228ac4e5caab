/** DuckDB counts places in a statement in bytes of UTF-8; JavaScript counts UTF-16 units. */
export function charOffset(text: string, byte: number): number {
  return Buffer.from(text).subarray(0, byte).toString().length;
}

export function byteOffset(text: string, char: number): number {
  return Buffer.byteLength(text.slice(0, char));
}
