import type { AnyNode, Pattern } from 'acorn';

/** The nodes right beneath a node. */
export function children(node: AnyNode): readonly AnyNode[] {
  return Object.values(node)
    .flat()
    .filter((value: unknown) => isNode(value));
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

export type FunctionNode = Extract<
  AnyNode,
  { type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' }
>;

export function isFunction(node: AnyNode): node is FunctionNode {
  return (
    node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression'
  );
}

/** A text that two trees share only when they mean the same: without comments, white space, quotes, commas. */
export function canonical(node: AnyNode): string {
  const out: string[] = [];
  write(node, out);
  return out.join('');
}

function write(value: unknown, out: string[]): void {
  if (Array.isArray(value)) {
    out.push('[');
    for (const each of value) write(each, out);
    out.push(']');
  } else if (isNode(value)) {
    out.push('(', value.type);
    for (const [key, each] of Object.entries(value)) {
      if (key === 'type' || key === 'start' || key === 'end') continue;
      if (key === 'raw' && value.type === 'Literal' && typeof value.value === 'string') continue;
      out.push(' ', key, '=');
      write(each, out);
    }
    out.push(')');
  } else if (typeof value === 'object' && value !== null && !(value instanceof RegExp)) {
    // The two texts of a piece of a template, the pattern and flags of a regular expression.
    out.push(JSON.stringify(value));
  } else out.push(typeof value === 'string' ? JSON.stringify(value) : String(value));
}

/** The names that a pattern, a parameter or a target of a declaration brings. */
export function boundNames(pattern: Pattern): readonly string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) =>
        boundNames(property.type === 'RestElement' ? property.argument : property.value),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element === null ? [] : boundNames(element)));
    case 'RestElement':
      return boundNames(pattern.argument);
    case 'AssignmentPattern':
      return boundNames(pattern.left);
    default:
      return [];
  }
}

/** The names that a statement declares in the block that it stands in. */
export function declaredNames(statement: AnyNode): readonly string[] {
  if (statement.type === 'VariableDeclaration') {
    return statement.declarations.flatMap(({ id }) => boundNames(id));
  }
  if (statement.type === 'FunctionDeclaration' || statement.type === 'ClassDeclaration') {
    return statement.id === null ? [] : [statement.id.name];
  }
  return [];
}
