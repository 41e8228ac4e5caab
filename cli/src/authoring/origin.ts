import { fileURLToPath } from 'node:url';
import { getCallSites } from 'node:util';
import { isVpError, type SourceLocation, withErrorContext } from '@vp/contracts';

/**
 * Where the function that calls the caller of this one stands: of `asset(…)`, the pipeline's line.
 * Three frames are looked at, so that ten thousand assets cost milliseconds.
 */
export function callerLocation(): SourceLocation | undefined {
  const site = getCallSites(3)[2];
  if (site === undefined || site.scriptName === '') return undefined;
  const file = site.scriptName.startsWith('file:') ? fileURLToPath(site.scriptName) : site.scriptName;
  return { file, line: site.lineNumber, column: site.columnNumber };
}

/** `pipeline.ts:12`, for messages. */
export function formatOrigin(origin: SourceLocation | undefined): string {
  if (origin?.file === undefined) return 'an unknown place';
  return origin.line === undefined ? origin.file : `${origin.file}:${origin.line}`;
}

/** Runs `make`; an error of the authoring API gets the line of the call. */
export function locate<T>(origin: SourceLocation | undefined, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (origin === undefined || !isVpError(error)) throw error;
    throw withErrorContext(error, { at: origin }, error);
  }
}
