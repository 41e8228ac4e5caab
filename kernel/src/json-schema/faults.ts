import { didYouMean, type JsonSchema, suggest } from '@vp/contracts';
import type * as z from 'zod';
import { descriptionAt, keysAt, literalsAt, typesAt } from './walk.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly string[];

/** A place where a value does not fit its schema, and what may help. */
export interface SchemaFault {
  readonly kind: 'unknown-key' | 'missing' | 'invalid';
  /** Of the value at fault: the key that is unknown or missing is its last part. */
  readonly path: Path;
  /** A clause: `expected string, received number`. */
  readonly problem: string;
  /** A sentence: the key or value that may have been meant, or what the schema says. `''` when nothing helps. */
  readonly suggestion: string;
  /** Types that the value may have: `integer or string`. */
  readonly expected: string;
}

interface Context {
  /** The value that was held against the schema. */
  readonly value: unknown;
  readonly schema: JsonSchema;
}

/** What zod found, for people. */
export function schemaFaults(issues: readonly Issue[], context: Context): readonly SchemaFault[] {
  return issues.flatMap((issue) => faultsOf(issue, [], context));
}

function faultsOf(issue: Issue, base: Path, context: Context): readonly SchemaFault[] {
  const path = [...base, ...issue.path.map(String)];
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(context.schema, path);
    return issue.keys.map((key) => ({
      kind: 'unknown-key',
      path: [...path, key],
      problem: `there is no key "${key}"`,
      suggestion: didYouMean(key, known),
      expected: '',
    }));
  }
  const value = valueAt(context.value, path);
  if (value === undefined && isAboutValue(issue)) return [missing(path, context)];
  if (issue.code === 'invalid_union') {
    const inner = nearestBranch(issue.errors).flatMap((each) => faultsOf(each, path, context));
    if (inner.length > 0) return inner;
  }
  const facts = { problem: describe(issue, value), suggestion: advice(path, value, context) };
  return [{ kind: 'invalid', path, ...facts, expected: expectedAt(path, context) }];
}

const isAboutValue = ({ code }: Issue): boolean =>
  code === 'invalid_type' || code === 'invalid_value' || code === 'invalid_union';

function missing(path: Path, context: Context): SchemaFault {
  const { schema, value } = context;
  const around = valueAt(value, path.slice(0, -1));
  const known = keysAt(schema, path.slice(0, -1));
  const written = Object.keys(Object(around)).filter((key) => !known.includes(key));
  const near = suggest(path.at(-1) ?? '', written);
  const expected = expectedAt(path, context);
  return {
    kind: 'missing',
    path,
    problem: `is missing${expected === '' ? '' : ` (${expected})`}${near === undefined ? '' : `, but there is "${near}"`}`,
    suggestion: '',
    expected,
  };
}

/** The branch of a union that the author was writing: the one whose faults lie deepest inside it. */
function nearestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] {
  const deepest = branches.toSorted((a, b) => depth(b) - depth(a))[0] ?? [];
  return depth(deepest) > 0 ? deepest : [];
}

function depth(issues: readonly Issue[]): number {
  const depths = issues.map((issue) => issue.path.length + (issue.code === 'unrecognized_keys' ? 1 : 0));
  return Math.max(0, ...depths);
}

function describe(issue: Issue, value: unknown): string {
  if (issue.code === 'invalid_union') {
    const problems = issue.errors.flatMap((branch) => branch.map((inner) => describe(inner, value)));
    return [...new Set(problems)].join(', or ') || 'none of the allowed forms';
  }
  if (issue.code === 'invalid_value') {
    const choices = issue.values.map((choice) => JSON.stringify(choice)).join(', ');
    return `${JSON.stringify(value)} is not ${issue.values.length > 1 ? 'one of ' : ''}${choices}`;
  }
  const { message } = issue.code === 'invalid_key' ? (issue.issues[0] ?? issue) : issue;
  return message.replace(/^Invalid input: /, '').replace(/\.$/, '');
}

function advice(path: Path, value: unknown, { schema }: Context): string {
  const near = typeof value === 'string' ? suggest(value, literalsAt(schema, path)) : undefined;
  return near === undefined ? descriptionAt(schema, path) : `Did you mean "${near}"?`;
}

const expectedAt = (path: Path, { schema }: Context): string => [...typesAt(schema, path)].join(' or ');

function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const part of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return undefined;
    at = Reflect.get(at, part);
  }
  return at;
}
