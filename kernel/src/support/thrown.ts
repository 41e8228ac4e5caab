import { describeThrown, isVpError, type VpError, type VpErrorInit, withErrorContext } from '@vp/contracts';

type Context = Pick<VpErrorInit, 'plugin' | 'phase' | 'at'>;

/**
 * What was thrown, as a `VpError`: one that is already keeps its code and gains the context it
 * lacks; anything else (plugins throw strings, too) becomes the cause of the error that `make` gives.
 */
export function fromThrown(
  thrown: unknown,
  context: Context,
  make: (reason: string, context: Context & { readonly cause: unknown }) => VpError,
): VpError {
  if (!isVpError(thrown)) return make(describeThrown(thrown), { ...context, cause: thrown });
  const lacks = (key: keyof Context) => context[key] !== undefined && thrown[key] === undefined;
  return lacks('plugin') || lacks('phase') || lacks('at')
    ? withErrorContext(thrown, context, thrown)
    : thrown;
}
