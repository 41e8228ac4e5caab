import { formatType, type TransferPlan } from '@vp/contracts';
import { bytes, count } from './format.ts';
import type { Style } from './style.ts';
import { type Cell, table } from './table.ts';

/** What a transfer will do: ends, path, size, columns with their types, changes of the destination. */
export function transferView(plan: TransferPlan, style: Style): string {
  const { stream, location, path, spec, columns, changes, exists } = plan;
  const size = [
    ...(plan.estimatedRows === undefined ? [] : [`about ${count(plan.estimatedRows)} rows`]),
    ...(plan.estimatedBytes === undefined ? [] : [`${bytes(plan.estimatedBytes)}`]),
  ];
  const facts = [
    ['path', path],
    [
      'mode',
      `${spec.mode}${spec.key === undefined ? '' : ` by ${spec.key.join(', ')}`}${exists ? '' : ' (it is new)'}`,
    ],
    ...(size.length === 0 ? [] : [['size', size.join(', ')]]),
    ...(plan.state === undefined ? [] : [['from', JSON.stringify(plan.state)]]),
    ...changes.map(({ change, action }) => ['change', `${action}: ${JSON.stringify(change)}`]),
  ];
  const rows = columns.map(
    ({ column, name, from, fromNative, to, toNative, losses, reason }): (Cell | string)[] => [
      column === name ? column : `${column} -> ${name}`,
      { text: fromNative ?? formatType(from), format: 'dim' },
      formatType(from),
      formatType(to),
      { text: toNative ?? '', format: 'dim' },
      losses.length === 0 ? (reason ?? 'exact') : { text: losses.join(', '), format: 'yellow' },
    ],
  );
  return [
    `${style('bold', stream)} -> ${style('bold', location)}`,
    ...facts.map(([title = '', text = '']) => `  ${style('dim', title.padEnd(7))} ${text}`),
    '',
    table({
      columns: [
        { title: 'column' },
        { title: 'there', max: 30 },
        { title: 'type', max: 40 },
        { title: 'arrives as', max: 40 },
        { title: 'stored as', max: 30 },
        { title: 'loss', max: 60 },
      ],
      rows,
      style,
    }),
  ].join('\n');
}
