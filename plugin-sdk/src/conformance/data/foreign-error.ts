import type { VpError } from '@vp/contracts';

/** A `VpError` as another copy of `@vp/contracts` makes it: the brand is the same, the class is not. */
export function foreignError(message: string): Error & Pick<VpError, 'code' | 'class'> {
  const error = Object.assign(new Error(message), {
    name: 'VpError',
    code: 'VP_CONFORMANCE_FOREIGN',
    class: 'transient' as const,
    exitCode: 4,
  });
  return Object.defineProperty(error, Symbol.for('vp.error'), { value: true });
}
