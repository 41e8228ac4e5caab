import { relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  describeThrown,
  didYouMean,
  isVpError,
  type SourceLocation,
  t,
  type VpError,
  withErrorContext,
} from '@vp/contracts';
import { check, dates, partition, sql, time } from '../authoring/index.ts';
import { errors } from './errors.ts';

/** Runs a module of the user's. Whatever goes wrong becomes a `VpError` with the line at fault. */
export async function importModule(root: string, file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    throw importError({ root, file, error });
  }
}

interface Failure {
  readonly root: string;
  readonly file: string;
  readonly error: unknown;
}

function importError(failure: Failure): VpError {
  const { error, root } = failure;
  const at = faultLocation(failure);
  const file = at.file ?? relative(root, failure.file);
  const context = { at, phase: 'load', cause: error };
  if (isVpError(error)) {
    const own = error.at === undefined ? {} : { at: relativeLocation(root, error.at) };
    return withErrorContext(error.at === undefined ? error : relocated(error, root), { at, ...own }, error);
  }
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const reason = describeThrown(error);
  const sentence = reason.replace(/\.$/, '');
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') {
    return errors.VP_PROJECT_TYPESCRIPT({ file, reason: sentence }, context);
  }
  if (code === 'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING') {
    return errors.VP_PROJECT_NODE_MODULES({ file: quoted(reason) ?? file }, context);
  }
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'ERR_PACKAGE_PATH_NOT_EXPORTED') {
    return missingModule({ root, file, reason, context });
  }
  const named = /module '(.+)' does not provide an export named '(.+)'/.exec(reason);
  if (named !== null) {
    const [, from = '', name = ''] = named;
    const what = name === 'default' ? `the default export of ${from}` : `{ ${name} } from ${from}`;
    const hint = `Correct the name. If ${name} is a type: import type { ${name} } from '${from}'.`;
    return errors.VP_PROJECT_IMPORT_MISSING({ file, what, hint }, context);
  }
  if (error instanceof SyntaxError) return errors.VP_PROJECT_SYNTAX({ file, reason: sentence }, context);
  const misspelt = nearName(reason);
  if (misspelt !== undefined) {
    return errors.VP_PROJECT_MODULE_FAILED({ file, reason: `${sentence}.`, hint: misspelt }, context);
  }
  const circular = /Cannot access '(.+)' before initialization/.exec(reason);
  const hint =
    circular === null
      ? 'Modules of a pipeline only define assets; they must load without the data, the network or a connection.'
      : `Do two modules import each other? Move ${circular[1]} into a module of its own.`;
  return errors.VP_PROJECT_MODULE_FAILED({ file, reason, hint }, context);
}

const api: Readonly<Record<string, object>> = { t, check, sql, time, dates, partition };

/** For a function of the authoring API that it does not have: `t.dat is not a function`. */
function nearName(reason: string): string | undefined {
  const [, of = '', name = ''] = /^(\w+)\.(\w+) is not a function$/.exec(reason) ?? [];
  const part = api[of];
  return part === undefined ? undefined : didYouMean(name, Object.keys(part));
}

/** Errors of the authoring API know their line as an absolute path. */
function relocated(error: VpError, root: string): VpError {
  if (error.at === undefined) return error;
  return Object.assign(error, { at: relativeLocation(root, error.at) });
}

function missingModule(init: {
  readonly root: string;
  readonly file: string;
  readonly reason: string;
  readonly context: { readonly at: SourceLocation; readonly phase: string; readonly cause: unknown };
}): VpError {
  const { root, reason, context } = init;
  const importer = / imported from (.+?)$/.exec(reason.split('\n')[0] ?? '')?.[1];
  const file = importer === undefined ? init.file : toRelative(root, importer);
  const missing = quoted(reason) ?? 'a module';
  const isPackage = reason.startsWith('Cannot find package');
  const what = isPackage ? `the package "${missing}"` : toRelative(root, missing);
  const hint = isPackage
    ? `npm install ${missing}`
    : 'Correct the path. Imports of own files end in .ts: import { x } from "./x.ts".';
  return errors.VP_PROJECT_IMPORT_MISSING({ file, what, hint }, { ...context, at: { ...context.at, file } });
}

const quoted = (text: string): string | undefined => /['"](.+?)['"]/.exec(text)?.[1];

function toPath(place: string): string {
  return place.startsWith('file:') ? fileURLToPath(place) : place;
}

/** Relative where it lies inside the project. */
export function toRelative(root: string, place: string): string {
  const path = toPath(place);
  const inside = relative(root, path);
  return inside === '' || inside.startsWith('..') ? path : inside;
}

export function relativeLocation(root: string, at: SourceLocation): SourceLocation {
  return at.file === undefined ? at : { ...at, file: toRelative(root, at.file) };
}

/** Line and column of the fault: from the heading that V8 puts over a stack, else from its first frame of the user's. */
function faultLocation({ root, file, error }: Failure): SourceLocation {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const heading = /^((?:file:\/\/)?[^\n]+?):(\d+)\n([^\n]*)\n( *\^)?/.exec(stack);
  if (heading !== null) {
    const [, place = '', line = '', , caret] = heading;
    return {
      file: toRelative(root, place),
      line: Number(line),
      ...(caret === undefined ? {} : { column: caret.length }),
    };
  }
  for (const frame of stack.matchAll(/(?:\(|at )(file:\/\/[^\n)]+?|\/[^\n)]+?):(\d+):(\d+)\)?$/gm)) {
    const [, place = '', line, column] = frame;
    const path = toPath(place);
    if (path.includes('node_modules') || relative(root, path).startsWith('..')) continue;
    return { file: toRelative(root, path), line: Number(line), column: Number(column) };
  }
  return { file: toRelative(root, file) };
}
