import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { AssetSpec } from '@vp/contracts';
import type { AnyNode } from 'acorn';
import { codeOf } from '../../authoring/code-origin.ts';
import { packageRoot } from '../../shell/package-root.ts';
import { assignedNames, enclosingNames, needsOf } from './free-names.ts';
import { ModuleGraph, type Target } from './module-graph.ts';
import type { Binding, FoundFunction, ParsedModule } from './parsed-module.ts';
import { canonical, isFunction } from './tree.ts';

/**
 * What stands for the code of assets that TypeScript computes: the function, and everything of the
 * user's modules that it uses, wherever that is declared. Comments and layout are no part of it.
 */
export class CodeVersions {
  readonly #graph: ModuleGraph;
  readonly #package: string;
  readonly #pieces = new Map<AnyNode, Piece>();
  readonly #changes = new Map<ParsedModule, ReadonlyMap<string, readonly AnyNode[]>>();
  readonly #users = new Map<string, boolean>();
  readonly #digests = new Map<string, string>();
  readonly #wholes = new Map<string, ReadonlySet<string>>();

  constructor(root: string) {
    this.#graph = new ModuleGraph(root);
    this.#package = packageRoot();
  }

  /** `undefined` where the spec's own `codeVersion` says it all. */
  of(spec: AssetSpec): string | undefined {
    const code = codeOf(spec);
    if (code === undefined || code.files.length === 0) return undefined;
    const files = code.files.filter((file) => this.#isUsers(file));
    const used = new Used();
    const found = this.#find(files, String(code.fn));
    for (const { module, one } of found) this.#function({ module, one, files, used });
    if (found.length === 0) this.#allOf(files, used);
    return `code ${used.digest()}`;
  }

  /** Not so: code that came from no file, and the loader, which is on the way to a module that waits. */
  #isUsers(file: string): boolean {
    const known = this.#users.get(file);
    if (known !== undefined) return known;
    const isOurs = ['dist', 'bin', 'src'].some((name) => file.startsWith(join(this.#package, name) + sep));
    const isUsers = !isOurs && existsSync(file);
    this.#users.set(file, isUsers);
    return isUsers;
  }

  /** In the modules that the asset was made by, else in those that they import. */
  #find(files: readonly string[], text: string): readonly Place[] {
    const here = this.#search(files, text);
    return here.length > 0 ? here : this.#search([...this.#reachable(files)], text);
  }

  #search(files: readonly string[], text: string): readonly Place[] {
    return files.flatMap((file) => {
      const module = this.#graph.module(file);
      return module === undefined ? [] : module.functions(text).map((one) => ({ module, one }));
    });
  }

  #reachable(files: readonly string[]): ReadonlySet<string> {
    const seen = new Set(files);
    for (const file of seen) {
      for (const target of this.#targets(file)) if (target.kind === 'file') seen.add(target.file);
    }
    return seen;
  }

  #targets(file: string): readonly Target[] {
    const module = this.#graph.module(file);
    if (module === undefined) return [];
    const specifiers = [...module.imports, ...this.#piece(module, module.program).imports];
    return specifiers.map((specifier) => this.#graph.resolve(file, specifier));
  }

  #function({ module, one, files, used }: Place & { files: readonly string[]; used: Used }): void {
    const { node, ancestors } = one;
    const around = enclosingNames(ancestors);
    const captures = [...this.#piece(module, node).names].some((name) => around.has(name));
    const [statement] = ancestors;
    if (!captures || statement === undefined) {
      const { hash: part, names, imports } = this.#piece(module, node);
      used.parts.add(part);
      for (const specifier of imports) this.#import({ module, specifier, imported: '*', used });
      for (const name of names) if (module.bindings.has(name)) used.parts.add(this.#digestOf(module, name));
    }
    // What it captures is made within this statement: by a loop, or a callback such as that of `map`.
    else if (ancestors.every((each, at) => !isFunction(each) || isArgument(each, ancestors[at - 1]))) {
      this.#code(module, statement, used);
    }
    // It is made by a function that is called from anywhere in the modules that the asset was made by.
    else this.#allOf([module.file, ...files], used);
  }

  /** A piece of code, and what it uses. */
  #code(module: ParsedModule, node: AnyNode, used: Used): void {
    if (used.nodes.has(node)) return;
    used.nodes.add(node);
    const { hash: part, names, imports } = this.#piece(module, node);
    used.parts.add(part);
    for (const specifier of imports) this.#import({ module, specifier, imported: '*', used });
    for (const name of names) this.#name(module, name, used);
  }

  #name(module: ParsedModule, name: string, used: Used): void {
    const binding = module.bindings.get(name);
    if (binding === undefined) return;
    if (binding.kind === 'import') used.parts.add(this.#route(module, name, binding));
    this.#binding(module, binding, used);
    for (const change of this.#changesOf(module).get(name) ?? []) this.#code(module, change, used);
  }

  /** All that a name leads to, once for the thousands of assets that may use it. */
  #digestOf(module: ParsedModule, name: string): string {
    const key = `${module.file}\n${name}`;
    const known = this.#digests.get(key);
    if (known !== undefined) return known;
    const used = new Used();
    this.#name(module, name, used);
    const digest = used.digest();
    this.#digests.set(key, digest);
    return digest;
  }

  #binding(module: ParsedModule, binding: Binding, used: Used): void {
    if (binding.kind === 'import') {
      this.#import({ module, specifier: binding.from, imported: binding.imported, used });
    } else if (!isAssetDeclaration(module, binding.node)) this.#code(module, binding.node, used);
  }

  #import(init: { module: ParsedModule; specifier: string; imported: string; used: Used }): void {
    const { module, specifier, imported, used } = init;
    const target = this.#graph.resolve(module.file, specifier);
    if (target.kind === 'package') used.parts.add(target.label);
    if (target.kind !== 'file') return;
    const other = this.#graph.module(target.file);
    if (other === undefined || imported === '*') this.#allOf([target.file], used);
    else this.#export(other, imported, used);
  }

  #export(module: ParsedModule, name: string, used: Used): void {
    const key = `${module.file}\n${name}`;
    if (used.exports.has(key)) return;
    used.exports.add(key);
    const binding = module.exports.get(name);
    if (binding !== undefined) {
      used.parts.add(this.#route(module, name, binding));
      this.#binding(module, binding, used);
      const names = [...module.bindings].filter(([, each]) => each === binding).map(([local]) => local);
      for (const local of names) {
        for (const change of this.#changesOf(module).get(local) ?? []) this.#code(module, change, used);
      }
      return;
    }
    for (const specifier of module.stars) this.#import({ module, specifier, imported: name, used });
  }

  /** Modules as wholes, with all that they import. */
  #allOf(files: readonly string[], used: Used): void {
    for (const file of files) for (const part of this.#whole(file)) used.parts.add(part);
  }

  #whole(start: string): ReadonlySet<string> {
    const known = this.#wholes.get(start);
    if (known !== undefined) return known;
    const parts = new Set<string>();
    for (const file of this.#reachable([start])) {
      const module = this.#graph.module(file);
      const part = module === undefined ? this.#graph.digest(file) : this.#piece(module, module.program).hash;
      parts.add(`${this.#graph.label(file)} ${part}`);
      for (const target of this.#targets(file)) if (target.kind === 'package') parts.add(target.label);
    }
    this.#wholes.set(start, parts);
    return parts;
  }

  /** Which declaration a name leads to, so that two that change places are seen. */
  #route(module: ParsedModule, name: string, binding: Binding): string {
    const to =
      binding.kind === 'import'
        ? `${binding.imported} of ${binding.from}`
        : isAssetDeclaration(module, binding.node)
          ? 'asset'
          : this.#piece(module, binding.node).hash;
    return hash(`${this.#graph.label(module.file)}\n${name}\n${to}`);
  }

  #piece(module: ParsedModule, node: AnyNode): Piece {
    const known = this.#pieces.get(node);
    if (known !== undefined) return known;
    const piece = { hash: hash(`${this.#graph.label(module.file)}\n${canonical(node)}`), ...needsOf(node) };
    this.#pieces.set(node, piece);
    return piece;
  }

  /** By name: what may change what the name stands for, without being its declaration. */
  #changesOf(module: ParsedModule): ReadonlyMap<string, readonly AnyNode[]> {
    const known = this.#changes.get(module);
    if (known !== undefined) return known;
    const changes = new Map<string, AnyNode[]>();
    const add = (name: string, statement: AnyNode): void => {
      if (!module.bindings.has(name)) return;
      const others = changes.get(name);
      if (others === undefined) changes.set(name, [statement]);
      else others.push(statement);
    };
    for (const statement of module.statements) {
      if (statement.type === 'ExpressionStatement' && isAssetCall(module, statement.expression)) continue;
      for (const name of this.#piece(module, statement).names) add(name, statement);
    }
    const loose = new Set(module.statements);
    for (const statement of module.program.body) {
      if (loose.has(statement)) continue;
      for (const name of assignedNames(statement)) add(name, statement);
    }
    this.#changes.set(module, changes);
    return changes;
  }
}

interface Place {
  readonly module: ParsedModule;
  readonly one: FoundFunction;
}

interface Piece extends ReturnType<typeof needsOf> {
  readonly hash: string;
}

/** What has been found for one asset. */
class Used {
  readonly parts = new Set<string>();
  readonly nodes = new Set<AnyNode>();
  readonly exports = new Set<string>();

  digest(): string {
    return hash([...this.parts].sort().join('\n'));
  }
}

const hash = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);

function isArgument(node: AnyNode, parent: AnyNode | undefined): boolean {
  return parent?.type === 'CallExpression' && parent.arguments.some((argument) => argument === node);
}

function isAssetDeclaration(module: ParsedModule, node: AnyNode): boolean {
  if (node.type === 'VariableDeclarator') return !!node.init && isAssetCall(module, node.init);
  return isAssetCall(module, node);
}

const makers = ['asset', 'pipeline', 'publish'];

/** Whether it is `asset(…)` and the like of this package: data of other assets is no code. */
function isAssetCall(module: ParsedModule, node: AnyNode): boolean {
  if (node.type !== 'CallExpression') return false;
  const { callee } = node;
  if (callee.type === 'Identifier') {
    const binding = module.bindings.get(callee.name);
    return binding?.kind === 'import' && binding.from === 'vibepiper' && makers.includes(binding.imported);
  }
  if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier') return false;
  const binding = module.bindings.get(callee.object.name);
  return binding?.kind === 'import' && binding.from === 'vibepiper' && binding.imported === '*';
}
