import { readFileSync } from 'node:fs';
import { describeThrown, didYouMean, suggest, type VpError } from '@vp/contracts';
import { type PluginPackage, pluginPackageSchema } from '@vp/contracts/manifest';
import { fromThrown } from '../support/thrown.ts';
import { errors } from './errors.ts';
import { createLocator, jsonPointer, parseJson } from './json-text.ts';
import { manifestKeysAt } from './known-keys.ts';

/** A manifest that was read, or everything that is wrong with it. */
export type ManifestResult =
  | { readonly ok: true; readonly package: PluginPackage }
  | { readonly ok: false; readonly errors: readonly [VpError, ...VpError[]] };

type Issue = NonNullable<ReturnType<typeof pluginPackageSchema.safeParse>['error']>['issues'][number];

/**
 * Reads a plugin's package.json as the file that it is: not through `exports`, which may hide it,
 * and without running any of its code. Synchronous: a hundred small files take a few milliseconds.
 */
export function readManifest(init: { readonly file: string; readonly plugin: string }): ManifestResult {
  const { file, plugin } = init;
  const context = { plugin, phase: 'discover' };
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const reason = describeThrown(error);
    return fail(errors.VP_MANIFEST_UNREADABLE({ file, reason }, { ...context, at: { file }, cause: error }));
  }
  return parseManifest({ text, file, plugin });
}

/** As {@link readManifest}, for a text that is at hand. */
export function parseManifest(init: {
  readonly text: string;
  readonly file: string;
  readonly plugin: string;
}): ManifestResult {
  const { text, file, plugin } = init;
  const context = { plugin, phase: 'discover' };
  let value: unknown;
  try {
    value = parseJson(text, file);
  } catch (error) {
    return fail(
      fromThrown(error, context, (reason, where) => errors.VP_MANIFEST_UNREADABLE({ file, reason }, where)),
    );
  }
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  if (keys.length > 0 && !keys.includes('vp')) {
    const near = suggest('vp', keys);
    const suggestion = near === undefined ? '' : `did you write "${near}" for "vp"?`;
    return fail(
      errors.VP_MANIFEST_NO_PLUGIN(
        { name: plugin, file, suggestion },
        { ...context, at: { file, pointer: '' } },
      ),
    );
  }
  const result = pluginPackageSchema.safeParse(value);
  if (result.success) return { ok: true, package: result.data };
  const place = { locate: createLocator(text, file), file, value, context };
  const found = result.error.issues.flatMap((issue) => toErrors(issue, place));
  const [first, ...others] = found;
  if (first === undefined) throw new TypeError('a manifest that is refused must have an issue');
  return fail(first, ...others);
}

function fail(first: VpError, ...others: readonly VpError[]): ManifestResult {
  return { ok: false, errors: [first, ...others] };
}

interface Place {
  readonly locate: ReturnType<typeof createLocator>;
  readonly file: string;
  readonly value: unknown;
  readonly context: { readonly plugin: string; readonly phase: string };
}

function toErrors(issue: Issue, place: Place): readonly VpError[] {
  const { locate, file, context } = place;
  const at = (path: readonly PropertyKey[]) => ({ ...context, at: locate(path) });
  if (issue.code === 'unrecognized_keys') {
    const known = manifestKeysAt(issue.path.slice(1));
    return issue.keys.map((key) => {
      const params = { key, within: jsonPointer(issue.path), file, suggestion: didYouMean(key, known) };
      return errors.VP_MANIFEST_UNKNOWN_KEY(params, at([...issue.path, key]));
    });
  }
  // A union's own message says nothing: the branch that went deepest knows best.
  if (issue.code === 'invalid_union') {
    const branches = issue.errors.map((branch) =>
      branch.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })),
    );
    const deepest = branches.toSorted((a, b) => depth(b) - depth(a))[0];
    if (deepest !== undefined && depth(deepest) > issue.path.length) {
      return deepest.flatMap((inner) => toErrors(inner, place));
    }
    const problems = branches.flatMap((branch) => branch.map((inner) => describe(inner, place)));
    const problem = [...new Set(problems)].join(', or ');
    return [errors.VP_MANIFEST_INVALID({ pointer: jsonPointer(issue.path), file, problem }, at(issue.path))];
  }
  const params = {
    pointer: jsonPointer(issue.path) || 'the document',
    file,
    problem: describe(issue, place),
  };
  return [errors.VP_MANIFEST_INVALID(params, at(issue.path))];
}

function depth(issues: readonly Issue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length));
}

function describe(issue: Issue, place: Place): string {
  const got = valueAt(place.value, issue.path);
  if (got === undefined) {
    const around = valueAt(place.value, issue.path.slice(0, -1));
    const written = typeof around === 'object' && around !== null ? Object.keys(around) : [];
    const near = suggest(String(issue.path.at(-1)), written);
    return near === undefined ? 'it is missing' : `it is missing, but there is "${near}"`;
  }
  if (issue.code === 'invalid_value') {
    const choices = issue.values.map((choice) => JSON.stringify(choice)).join(', ');
    const near = typeof got === 'string' ? suggest(got, issue.values.map(String)) : undefined;
    return `${JSON.stringify(got)} is not ${choices}${near === undefined ? '' : `; did you mean "${near}"?`}`;
  }
  return issue.message.replace(/^Invalid input: /, '');
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value;
  for (const part of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = Reflect.get(at, part);
  }
  return at;
}
