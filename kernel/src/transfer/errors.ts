import {
  type ColumnMapping,
  defineErrors,
  formatType,
  type PlannedChange,
  type SchemaChange,
} from '@vp/contracts';

const list = (lines: readonly string[]): string => lines.map((line) => `\n  - ${line}`).join('');

/** `note: utf8 comes` */
export function describeChange(change: SchemaChange): string {
  switch (change.kind) {
    case 'column.added':
      return `${change.column.name} ${formatType(change.column.type)} is new`;
    case 'column.removed':
      return `${change.column.name} is gone from the data, and the table does not take NULL for it`;
    case 'column.renamed':
      return `${change.from} is now ${change.to}`;
    case 'column.retyped':
      return `${change.column}: ${formatType(change.from)} -> ${formatType(change.to)}`;
    case 'column.nullable':
      return `${change.column} may now be NULL`;
    case 'key.changed':
      return `the key is (${change.to.join(', ')}), was (${change.from.join(', ')})`;
  }
}

const loses = ({ column, from, to, reason }: ColumnMapping) =>
  `${column}: ${formatType(from)} -> ${formatType(to)}${reason === undefined ? '' : `: ${reason}`}`;

export const { errors, table: transferErrorTable } = defineErrors({
  VP_TRANSFER_STREAM_MISSING: {
    class: 'data',
    summary: 'A source has nothing of the name that is to be copied.',
    message: (p: { source: string; options: string; suggestion: string }) =>
      `The source ${p.source} has nothing at ${p.options}.`,
    hint: (p) => p.suggestion || 'Check the spelling; upper and lower case count.',
  },
  VP_TRANSFER_TABLE_MISSING: {
    class: 'config',
    summary: 'The destination does not exist and may not be made.',
    message: (p: { location: string }) =>
      `There is no ${p.location}, and the schema policy (table = "freeze") does not let it be made.`,
    hint: () => 'Make it, or set table = "evolve".',
  },
  VP_TRANSFER_LOSSY: {
    class: 'config',
    summary: 'Values would change on their way, and nobody has allowed it.',
    message: (p: { location: string; columns: readonly ColumnMapping[] }) =>
      `The copy to ${p.location} would lose something:${list(p.columns.map(loses))}`,
    hint: (p) => {
      const names = new Set(p.columns.flatMap(({ losses }) => losses).filter((loss) => loss !== 'never'));
      const impossible = p.columns.some(({ losses }) => losses.includes('never'));
      if (impossible) return 'Leave the columns out, or change their type at the destination.';
      return `Nothing was read. To allow it: ${[...names].map((name) => `--allow-loss ${name}`).join(' ')}`;
    },
  },
  VP_TRANSFER_FROZEN: {
    class: 'data',
    summary: 'The data has other columns than the destination, and the policy freezes them.',
    message: (p: { location: string; changes: readonly PlannedChange[] }) =>
      `The columns of ${p.location} are frozen and the data differs:${list(p.changes.map(({ change }) => describeChange(change)))}`,
    hint: () => 'Nothing was read. Change the table yourself, or let it evolve: schema = "evolve".',
  },
  VP_TRANSFER_CANNOT_EVOLVE: {
    class: 'config',
    summary: 'The destination would have to change, and cannot.',
    message: (p: { location: string; changes: readonly SchemaChange[] }) =>
      `${p.location} cannot be changed as the data needs it:${list(p.changes.map(describeChange))}`,
    hint: () => 'Nothing was read. Make the change yourself, or use mode replace.',
  },
  VP_TRANSFER_ACTION_UNSUPPORTED: {
    class: 'config',
    summary: 'A schema policy asks for something that this path cannot do.',
    message: (p: { action: string; changes: readonly SchemaChange[] }) =>
      `The policy "${p.action}" cannot be kept here:${list(p.changes.map(describeChange))}`,
    hint: () => 'Use evolve or freeze.',
  },
});
