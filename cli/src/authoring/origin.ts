import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isVpError, type SourceLocation, withErrorContext } from '@vp/contracts';

/** Where the function that calls the caller of this one stands: of `asset(…)`, the pipeline's line. */
export function callerLocation(): SourceLocation | undefined {
  const site = callSites(4)[3];
  const file = fileOf(site);
  if (site === undefined || file === undefined) return undefined;
  return { file, line: site.getLineNumber() ?? 1, column: site.getColumnNumber() ?? 1 };
}

const deepest = 30;

/** The user's modules on the way to here, each once, beginning with `first`. */
export function callingFiles(first: string | undefined): readonly string[] {
  if (first === undefined) return [];
  const files = callSites(deepest).flatMap((site) => fileOf(site) ?? []);
  const own = files.slice(Math.max(0, files.indexOf(first)));
  return [...new Set(own)].filter((file) => !/[\\/]node_modules[\\/]/.test(file));
}

/** V8's own call sites: they work out a line when asked for it, `util.getCallSites` those of all frames. */
function callSites(limit: number): readonly NodeJS.CallSite[] {
  const { prepareStackTrace, stackTraceLimit } = Error;
  const found: NodeJS.CallSite[] = [];
  Error.stackTraceLimit = limit;
  Error.prepareStackTrace = (_, sites) => {
    found.push(...sites);
  };
  try {
    // The sites are made when the stack is read.
    String(new Error('where').stack);
    return found;
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function fileOf(site: NodeJS.CallSite | undefined): string | undefined {
  const name = site?.getFileName() ?? '';
  if (name.startsWith('file:')) return fileURLToPath(name);
  return isAbsolute(name) ? name : undefined;
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
