import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { type AnyNode, type ModuleDeclaration, type Program, parse, type Statement } from 'acorn';
import { boundNames, children, declaredNames, isFunction } from './tree.ts';

/** What a name of a module stands for. */
export type Binding =
  | { readonly kind: 'local'; readonly node: AnyNode }
  /** `imported` is `*` for all of a module at once. */
  | { readonly kind: 'import'; readonly from: string; readonly imported: string };

export interface FoundFunction {
  readonly node: AnyNode;
  /** From the module's statement down. */
  readonly ancestors: readonly AnyNode[];
}

/** A module of the user's as a tree, with the names of its top level. */
export interface ParsedModule {
  readonly file: string;
  readonly program: Program;
  readonly bindings: ReadonlyMap<string, Binding>;
  /** By exported name. */
  readonly exports: ReadonlyMap<string, Binding>;
  /** Modules of `export * from`. */
  readonly stars: readonly string[];
  /** Every module that a statement imports. */
  readonly imports: ReadonlySet<string>;
  /** Statements that are no declarations: they may change what others declare. */
  readonly statements: readonly AnyNode[];
  functions(text: string): readonly FoundFunction[];
}

/** Gives `undefined` when it is no module that can be parsed. */
export function parseModule(file: string): ParsedModule | undefined {
  const source = javaScript(file, readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  const program = tryParse(source);
  if (program === undefined) return undefined;
  const bindings = new Map<string, Binding>();
  const exports = new Map<string, Binding>();
  const stars: string[] = [];
  const imports = new Set<string>();
  const statements: AnyNode[] = [];
  const declare = (statement: AnyNode): readonly string[] => {
    for (const node of statement.type === 'VariableDeclaration' ? statement.declarations : [statement]) {
      const names = node.type === 'VariableDeclarator' ? boundNames(node.id) : declaredNames(node);
      for (const name of names) bindings.set(name, { kind: 'local', node });
    }
    return declaredNames(statement);
  };
  const exported: [name: string, local: string][] = [];
  for (const statement of program.body) {
    const from = importedFrom(statement);
    if (from !== undefined) imports.add(from);
    switch (statement.type) {
      case 'ImportDeclaration':
        for (const each of statement.specifiers) {
          const imported =
            each.type === 'ImportSpecifier'
              ? nameOf(each.imported)
              : each.type === 'ImportDefaultSpecifier'
                ? 'default'
                : '*';
          bindings.set(each.local.name, { kind: 'import', from: from ?? '', imported });
        }
        break;
      case 'ExportNamedDeclaration':
        if (statement.declaration)
          for (const name of declare(statement.declaration)) exported.push([name, name]);
        for (const { local, exported: as } of statement.specifiers) {
          if (from === undefined) exported.push([nameOf(as), nameOf(local)]);
          else exports.set(nameOf(as), { kind: 'import', from, imported: nameOf(local) });
        }
        break;
      case 'ExportAllDeclaration':
        if (statement.exported === null || statement.exported === undefined) stars.push(from ?? '');
        else exports.set(nameOf(statement.exported), { kind: 'import', from: from ?? '', imported: '*' });
        break;
      case 'ExportDefaultDeclaration': {
        const { declaration } = statement;
        const [name] = declaration.type === 'Identifier' ? [declaration.name] : declare(declaration);
        if (name === undefined) exports.set('default', { kind: 'local', node: declaration });
        else exported.push(['default', name]);
        break;
      }
      default:
        if (declare(statement).length === 0) statements.push(statement);
    }
  }
  for (const [name, local] of exported) {
    const binding = bindings.get(local);
    if (binding !== undefined) exports.set(name, binding);
  }
  let functions: ReadonlyMap<string, readonly FoundFunction[]> | undefined;
  return {
    file,
    program,
    bindings,
    exports,
    stars,
    imports,
    statements,
    functions(text) {
      functions ??= functionsByText(program, source);
      return functions.get(text) ?? [];
    },
  };
}

const nameOf = (node: { readonly name: string } | { readonly value?: unknown }): string =>
  'name' in node ? node.name : String(node.value);

function importedFrom(statement: Statement | ModuleDeclaration): string | undefined {
  return 'source' in statement && statement.source ? String(statement.source.value) : undefined;
}

/** By the text that a function gives for itself. */
function functionsByText(program: Program, source: string): ReadonlyMap<string, readonly FoundFunction[]> {
  const found = new Map<string, FoundFunction[]>();
  const path: AnyNode[] = [];
  const visit = (node: AnyNode): void => {
    const isMethod =
      (node.type === 'Property' && (node.method || node.kind !== 'init')) || node.type === 'MethodDefinition';
    if (isMethod || isFunction(node)) {
      const text = source.slice(node.start, node.end);
      const one = { node, ancestors: [...path] };
      const same = found.get(text);
      if (same === undefined) found.set(text, [one]);
      else same.push(one);
    }
    path.push(node);
    for (const child of children(node)) visit(child);
    path.pop();
  };
  for (const statement of program.body) visit(statement);
  return found;
}

function tryParse(source: string): Program | undefined {
  try {
    return parse(source, { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true });
  } catch (error) {
    // Node ran it, so that it is only newer than the parser.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The text that Node runs, character by character where it stood: functions show slices of it. */
function javaScript(file: string, text: string): string {
  if (!/\.m?ts$/.test(file)) return text;
  const { emitWarning } = process;
  // It warns once that it is experimental, which says nothing to the user: Node runs their modules by the same means.
  process.emitWarning = () => undefined;
  try {
    return stripTypeScriptTypes(text);
  } finally {
    process.emitWarning = emitWarning;
  }
}
