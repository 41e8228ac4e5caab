import type { FieldPacket } from 'mysql2';
import type { Session } from '../connection/server.ts';
import { type ColumnType, columnType } from '../types/native-type.ts';
import type { Column, Relation } from './tables.ts';

/** The columns of a query, as the server describes them without a row of it. */
export async function describeQuery(session: Session, query: string): Promise<Relation> {
  const sql = `(${query}\n) as q`;
  const packets = await session.ask(() => prepared(session, `select * from ${sql}`));
  const columns = packets.map((packet): Column => {
    const native = nativeOf(packet);
    const read: ColumnType = columnType(native) ?? { type: { kind: 'utf8' }, via: 'text' };
    return {
      read,
      generated: false,
      field: { name: packet.name, type: read.type, nullable: true, nativeType: native },
    };
  });
  return { sql, label: 'a query', kind: 'query', columns, key: [] };
}

/** What the server says when it prepares a statement: it does not run it. */
function prepared(session: Session, sql: string): Promise<readonly FieldPacket[]> {
  const done = Promise.withResolvers<readonly FieldPacket[]>();
  session.wire.prepare(sql, (error, statement) => {
    if (error !== null) return done.reject(error);
    const columns: unknown = 'columns' in statement ? statement.columns : undefined;
    statement.close();
    return done.resolve(Array.isArray(columns) ? (columns as readonly FieldPacket[]) : []);
  });
  return done.promise;
}

/** Numbers of types on the wire. Source: MySQL internals manual, "Column Type". */
const names: Readonly<Record<number, string>> = {
  1: 'tinyint',
  2: 'smallint',
  3: 'int',
  4: 'float',
  5: 'double',
  7: 'timestamp',
  8: 'bigint',
  9: 'mediumint',
  10: 'date',
  11: 'time',
  12: 'datetime',
  13: 'year',
  14: 'date',
  242: 'vector',
  245: 'json',
  255: 'geometry',
};
const unsignedFlag = 32;
const binaryCharset = 63;

function nativeOf({
  columnType: code = 0,
  columnLength = 0,
  decimals,
  flags,
  characterSet,
  extendedTypeName,
  extendedFormat,
}: FieldPacket): string {
  if (extendedTypeName !== undefined && columnType(extendedTypeName) !== undefined) return extendedTypeName;
  if (extendedFormat === 'json') return 'json';
  const isUnsigned = typeof flags === 'number' && (flags & unsignedFlag) !== 0;
  const sign = isUnsigned ? ' unsigned' : '';
  switch (code) {
    case 0:
    case 246: {
      const precision = columnLength - (decimals > 0 ? 1 : 0) - (isUnsigned ? 0 : 1);
      return `decimal(${Math.max(precision, decimals, 1)},${decimals})`;
    }
    case 1:
      return `tinyint(${columnLength})${sign}`;
    case 2:
    case 3:
    case 8:
    case 9:
      return `${names[code]}${sign}`;
    case 16:
      return `bit(${columnLength})`;
    case 7:
    case 11:
    case 12:
      // 31 and more: as many digits as there are.
      return decimals === 0 ? (names[code] ?? '') : `${names[code]}(${Math.min(decimals, 6)})`;
  }
  return names[code] ?? (characterSet === binaryCharset ? 'longblob' : 'longtext');
}
