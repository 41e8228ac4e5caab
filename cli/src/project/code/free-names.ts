import type { AnyNode } from 'acorn';
import { boundNames, children, declaredNames, type FunctionNode, isFunction } from './tree.ts';

/** What a piece of code takes from around it. */
export interface Needs {
  /** Names; some that are only shadowed in an inner block may be among them. `this` of an arrow function is one. */
  readonly names: ReadonlySet<string>;
  /** Modules that it imports while it runs. */
  readonly imports: ReadonlySet<string>;
}

export function needsOf(node: AnyNode): Needs {
  const imports = new Set<string>();
  return { names: namesIn(node, imports), imports };
}

function namesIn(node: AnyNode, imports: Set<string>): ReadonlySet<string> {
  if (node.type === 'Identifier') return new Set([node.name]);
  if (node.type === 'ThisExpression') return new Set(['this']);
  if (node.type === 'ImportExpression' && node.source.type === 'Literal') {
    imports.add(String(node.source.value));
  }
  const names = new Set<string>();
  for (const part of partsWithNames(node)) {
    for (const name of namesIn(part, imports)) names.add(name);
  }
  if (isFunction(node)) for (const name of ownNames(node)) names.delete(name);
  return names;
}

/** Without labels, and without names of members that only look like names of variables. */
function partsWithNames(node: AnyNode): readonly AnyNode[] {
  switch (node.type) {
    case 'MemberExpression':
      return node.computed ? [node.object, node.property] : [node.object];
    case 'Property':
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return children(node).filter((part) => node.computed || part !== node.key || part === node.value);
    case 'LabeledStatement':
      return [node.body];
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'MetaProperty':
      return [];
    default:
      return children(node);
  }
}

/** The names that mean something of the function's own wherever they stand in it. */
function ownNames(node: FunctionNode): readonly string[] {
  const own = node.params.flatMap(boundNames);
  if (node.type === 'FunctionExpression' && node.id) own.push(node.id.name);
  if (node.type !== 'ArrowFunctionExpression') own.push('this', 'arguments');
  if (node.body.type === 'BlockStatement') own.push(...node.body.body.flatMap(declaredNames));
  return own;
}

/** The names that something within gives other values to. */
export function assignedNames(node: AnyNode): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (each: AnyNode): void => {
    if (each.type === 'AssignmentExpression') for (const name of boundNames(each.left)) names.add(name);
    if (each.type === 'UpdateExpression' && each.argument.type === 'Identifier') {
      names.add(each.argument.name);
    }
    for (const child of children(each)) visit(child);
  };
  visit(node);
  return names;
}

/** The names that a function finds in what is around it, up to the module. */
export function enclosingNames(ancestors: readonly AnyNode[]): ReadonlySet<string> {
  return new Set(
    ancestors.flatMap((node): readonly string[] => {
      if (isFunction(node)) return ownNames(node);
      switch (node.type) {
        case 'BlockStatement':
        case 'StaticBlock':
          return node.body.flatMap(declaredNames);
        case 'ForStatement':
          return node.init ? declaredNames(node.init) : [];
        case 'ForInStatement':
        case 'ForOfStatement':
          return declaredNames(node.left);
        case 'SwitchCase':
          return node.consequent.flatMap(declaredNames);
        case 'CatchClause':
          return node.param ? boundNames(node.param) : [];
        case 'ClassBody':
          return ['this'];
        default:
          return [];
      }
    }),
  );
}
