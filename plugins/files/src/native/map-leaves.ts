import type { LogicalType } from '@vp/plugin-sdk';

/** The same shape of type with other leaves. */
export function mapLeaves(type: LogicalType, change: (leaf: LogicalType) => LogicalType): LogicalType {
  switch (type.kind) {
    case 'list':
      return { kind: 'list', item: { ...type.item, type: mapLeaves(type.item.type, change) } };
    case 'struct':
      return { kind: 'struct', fields: type.fields.map((f) => ({ ...f, type: mapLeaves(f.type, change) })) };
    case 'map':
      return {
        kind: 'map',
        key: mapLeaves(type.key, change),
        value: { ...type.value, type: mapLeaves(type.value.type, change) },
      };
    default:
      return change(type);
  }
}
