import { type Program, parseSync, Visitor } from 'oxc-parser';

export interface ImportSite {
  readonly specifier: string;
  readonly line: number;
}

/** Every module that a file names: static and dynamic imports, re-exports, `import('x')` types and `require('x')`. */
export function importsOf(file: string, source: string): readonly ImportSite[] {
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file} does not parse: ${errors[0]?.message}`);

  const sites: ImportSite[] = [];
  const add = (node: { value?: unknown; start: number } | null | undefined) => {
    if (typeof node?.value !== 'string') return;
    sites.push({ specifier: node.value, line: source.slice(0, node.start).split('\n').length });
  };
  visit(program, add);
  return sites;
}

function visit(program: Program, add: (node: { value?: unknown; start: number } | null | undefined) => void) {
  new Visitor({
    ImportDeclaration: (node) => add(node.source),
    ExportNamedDeclaration: (node) => add(node.source),
    ExportAllDeclaration: (node) => add(node.source),
    ImportExpression: (node) => add(node.source as { start: number }),
    TSImportType: (node) => add(node.source),
    TSExternalModuleReference: (node) => add(node.expression),
    CallExpression: ({ callee, arguments: [first] }) => {
      if (callee.type === 'Identifier' && callee.name === 'require') add(first);
    },
  }).visit(program);
}
