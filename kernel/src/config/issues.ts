import { didYouMean, type JsonSchema, type SourceLocation, type VpError } from '@vp/contracts';
import type * as z from 'zod';
import { errors } from './errors.ts';
import type { ConfigPlace } from './layers.ts';
import { type ConfigPath, formatKey } from './path.ts';
import { descriptionAt, keysAt, literalsAt, typesAt } from './schema-walk.ts';
import { valueAt } from './values.ts';

type Issue = z.core.$ZodIssue;

export interface IssueContext {
  /** The values that were validated. */
  readonly values: unknown;
  readonly schema: JsonSchema;
  /** Where `values` lies in the configuration. */
  readonly base: ConfigPath;
  place(path: ConfigPath): ConfigPlace;
}

/** What validation found, as errors that name key, place and the likely remedy. */
export function configErrors(issues: readonly Issue[], context: IssueContext): VpError[] {
  return issues.flatMap((issue) => configError(issue, issue.path.map(String), context));
}

function configError(issue: Issue, path: ConfigPath, context: IssueContext): VpError[] {
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(context.schema, path);
    return issue.keys.map((key) => unknownKey({ key, path, known, context }));
  }
  if (issue.code === 'invalid_union') {
    const inner = nearestBranch(issue.errors, valueAt(context.values, path));
    if (inner !== undefined) {
      return inner.flatMap((each) => configError(each, [...path, ...each.path.map(String)], context));
    }
  }
  const full = [...context.base, ...path];
  const key = formatKey(full);
  const value = valueAt(context.values, path);
  if (value === undefined && issue.code === 'invalid_type') {
    const place = context.place(full.slice(0, -1));
    const expected = `<${[...typesAt(context.schema, path)].join(' or ') || 'value'}>`;
    return [errors.VP_CONFIG_MISSING({ key, place: place.text, expected }, { at: location(place) })];
  }
  const place = context.place(full);
  const literals = literalsAt(context.schema, path);
  const suggestion =
    typeof value === 'string' && literals.length > 0
      ? didYouMean(value, literals)
      : descriptionAt(context.schema, path);
  const problem = sentence(
    issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message,
  );
  return [errors.VP_CONFIG_INVALID({ key, place: place.text, problem, suggestion }, { at: location(place) })];
}

function unknownKey(init: {
  readonly key: string;
  readonly path: ConfigPath;
  readonly known: readonly string[];
  readonly context: IssueContext;
}): VpError {
  const { key, path, known, context } = init;
  const full = [...context.base, ...path];
  const place = context.place([...full, key]);
  const within = full.length === 0 ? 'the project configuration' : `[${formatKey(full)}]`;
  const suggestion = didYouMean(key, known);
  return errors.VP_CONFIG_UNKNOWN_KEY(
    { key, within, place: place.text, suggestion },
    { at: location(place) },
  );
}

/** The branch of a union that the author was writing: the one whose faults lie inside it. */
function nearestBranch(
  branches: readonly (readonly Issue[])[],
  value: unknown,
): readonly Issue[] | undefined {
  if (typeof value !== 'object') return undefined;
  return branches.find((issues) =>
    issues.every((issue) => issue.path.length > 0 || issue.code === 'unrecognized_keys'),
  );
}

function sentence(message: string): string {
  const text = message
    .replace(/^Invalid input: /, '')
    .replace(/^Invalid input$/, 'none of the allowed forms');
  return text.endsWith('.') ? text : `${text}.`;
}

export function location(place: ConfigPlace): SourceLocation {
  const { text: _, ...at } = place;
  return at;
}
