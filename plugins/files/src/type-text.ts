import { didYouMean, type LogicalType, type TimeUnit } from '@vp/plugin-sdk';
import { errors } from './errors.ts';

const simpleKinds = [
  'bool',
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'float32',
  'float64',
  'utf8',
  'binary',
  'date',
  'interval',
  'uuid',
  'json',
] as const;

/** The type that a text such as `decimal(12,2)` names. `text` is another name of `utf8`. */
export function parseType(column: string, text: string): LogicalType {
  const word = text.trim();
  const simple = simpleKinds.find((kind) => kind === (word === 'text' ? 'utf8' : word));
  if (simple !== undefined) return { kind: simple };
  const type = parseDecimal(word) ?? parseTemporal(word);
  if (type !== undefined) return type;
  const known = [...simpleKinds, 'text', 'decimal(12,2)', 'timestamp(us)', 'timestamp(us, UTC)', 'time(us)'];
  throw errors.VP_FILES_TYPE_UNKNOWN({ column, type: text, suggestion: didYouMean(word, known) });
}

function parseDecimal(word: string): LogicalType | undefined {
  const match = /^decimal\((\d+),\s*(\d+)\)$/.exec(word);
  const [precision, scale] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || precision < 1 || precision > 38 || scale > precision) return undefined;
  return { kind: 'decimal', precision, scale };
}

function parseTemporal(word: string): LogicalType | undefined {
  const match = /^(time|timestamp)(?:\((s|ms|us|ns)(?:,\s*([\w/+-]+))?\))?$/.exec(word);
  if (match === null) return undefined;
  const unit = (match[2] ?? 'us') as TimeUnit;
  if (match[1] === 'time') return match[3] === undefined ? { kind: 'time', unit } : undefined;
  return { kind: 'timestamp', unit, ...(match[3] === undefined ? {} : { tz: match[3] }) };
}
