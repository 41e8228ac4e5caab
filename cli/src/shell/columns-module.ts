import type { Field, LogicalType, TableSchema } from '@vp/contracts';

/** A TypeScript module that declares the columns of a schema. */
export function columnsModule(
  asset: string,
  schema: TableSchema,
): { readonly text: string; readonly exported: string } {
  const exported = `${camelCase(asset)}Columns`;
  const lines = schema.fields.map((field) => `  ${propertyName(field.name)}: ${columnCode(field)},`);
  const text = [
    `// Written by \`vp types pull ${asset}\` from what the source has.`,
    "import { t } from 'vibepiper';",
    '',
    `export const ${exported} = {`,
    ...lines,
    '};',
    '',
  ].join('\n');
  return { text, exported };
}

function camelCase(name: string): string {
  return name.replaceAll(/[._-]+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

const propertyName = (name: string) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name));

const quote = (text: string) =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;

function columnCode(field: Pick<Field, 'type' | 'nullable' | 'description'>): string {
  const nullable = field.nullable ? '.nullable()' : '';
  const about = field.description === undefined ? '' : `.describe(${quote(field.description)})`;
  return `${typeCode(field.type)}${nullable}${about}`;
}

/** `t.decimal(12, 2)`: the call that makes a column of this type. */
function typeCode(type: LogicalType): string {
  switch (type.kind) {
    case 'utf8':
      return 't.text()';
    case 'decimal':
      return `t.decimal(${type.precision}, ${type.scale})`;
    case 'time':
      return type.unit === 'us' ? 't.time()' : `t.time({ unit: '${type.unit}' })`;
    case 'timestamp': {
      const options = [
        ...(type.unit === 'us' ? [] : [`unit: '${type.unit}'`]),
        ...(type.tz === undefined ? [] : [`tz: ${quote(type.tz)}`]),
      ];
      return options.length === 0 ? 't.timestamp()' : `t.timestamp({ ${options.join(', ')} })`;
    }
    case 'list':
      return `t.list(${columnCode(type.item)})`;
    case 'struct':
      return `t.struct({ ${type.fields.map((field) => `${propertyName(field.name)}: ${columnCode(field)}`).join(', ')} })`;
    case 'map':
      return `t.map(${typeCode(type.key)}, ${columnCode(type.value)})`;
    case 'enum':
      return `t.enum(${type.values.map(quote).join(', ')})`;
    default:
      return `t.${type.kind}()`;
  }
}
