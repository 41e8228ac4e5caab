/** Shared by all copies of this package, as a project and the `vp` command may each have one. */
const CODE = Symbol.for('vp.code');

/** A function that computes an asset, and where it came from. */
export interface CodeOrigin {
  readonly fn: object;
  /** The user's modules that made the asset, the one that calls `asset()` first: a factory and who called it. */
  readonly files: readonly string[];
}

/** Remembers where code comes from, without showing in the spec's JSON. */
export function rememberCode<T extends object>(target: T, origin: CodeOrigin): T {
  return Object.defineProperty(target, CODE, { value: origin });
}

/** `undefined` for what is not computed by a function, and for what has a version by hand. */
export function codeOf(spec: object): CodeOrigin | undefined {
  return Reflect.get(spec, CODE);
}
