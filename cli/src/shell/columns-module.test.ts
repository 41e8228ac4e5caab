import { t, toTableSchema } from '@vp/contracts';
import { expect, test } from 'vitest';
import { columnsModule } from './columns-module.ts';

test('the code that is written makes the schema that was read', () => {
  const columns = {
    id: t.int64(),
    amount: t.decimal(12, 2).nullable(),
    placed: t.timestamp({ unit: 'ns', tz: 'Europe/Berlin' }),
    clock: t.time({ unit: 'ms' }),
    when: t.timestamp(),
    tags: t.list(t.text().nullable()),
    place: t.struct({ 'post code': t.text(), city: t.text().nullable() }),
    counts: t.map(t.text(), t.int32()),
    status: t.enum('open', "it's paid"),
    "odd 'name'": t.bool().describe('line\nbreak'),
  };
  const schema = toTableSchema(columns);
  const { text, exported } = columnsModule('shop.raw_orders', schema);
  expect(exported).toBe('shopRawOrdersColumns');
  const object = /= (\{.*\});\n$/s.exec(text)?.[1] ?? '';
  const made = new Function('t', `return ${object}`)(t);
  expect(toTableSchema(made)).toEqual(schema);
});
