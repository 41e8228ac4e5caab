import { createSecret, VpError } from '@vp/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRedactor } from './redactor.ts';

const secret = fc.oneof(
  fc.string({ minLength: 4, maxLength: 40, unit: 'binary' }),
  fc.string({ minLength: 4, maxLength: 40, unit: 'grapheme' }),
  fc.stringMatching(/^[A-Za-z0-9+/=$&%"\\ -]{4,60}$/),
);
/** Text that cannot itself make up a secret: only the secret in it could be found. */
const around = fc.string({ maxLength: 20 });

function forms(value: string): string[] {
  const encoded = value.isWellFormed() ? [encodeURIComponent(value)] : [];
  return [value, ...encoded, JSON.stringify(value).slice(1, -1), Buffer.from(value).toString('base64')];
}

test('a secret is in no text, however it is written', () => {
  fc.assert(
    fc.property(secret, around, around, (value, before, after) => {
      fc.pre(!'[redacted]'.includes(value));
      const redactor = createRedactor();
      expect(redactor.add(value)).toBe(true);
      for (const form of forms(value)) {
        const text = redactor.text(`${before}${form}${after}`);
        // The surroundings could complete the secret once more only by holding it themselves.
        if (!`${before}${after}`.includes(form))
          expect(text.split('[redacted]').join('\u0000')).not.toContain(form);
      }
    }),
    { numRuns: 500 },
  );
});

test('base64 of a text around the secret gives nothing away', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z0-9!-]{9,40}$/), fc.string({ maxLength: 9 }), (value, user) => {
      const redactor = createRedactor();
      redactor.add(value);
      const header = Buffer.from(`${user}:${value}`).toString('base64');
      const shown = redactor.text(`Authorization: Basic ${header}`);
      expect(shown).toContain('[redacted]');
      expect(Buffer.from(shown.slice('Authorization: Basic '.length), 'base64').toString()).not.toContain(
        value,
      );
    }),
  );
});

test('a secret is in no JSON of errors, causes, keys, maps or nested values', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z0-9"\\/+ ]{6,30}$/), (value) => {
      const redactor = createRedactor();
      redactor.add(value);
      const cause = new Error(`connect ${value}`);
      const error = new VpError({
        code: 'VP_X',
        class: 'user',
        message: `m ${value}`,
        hint: value,
        details: { [value]: [value] },
        cause,
      });
      const circular: Record<string, unknown> = { error, cause, map: new Map([[value, new Set([value])]]) };
      circular.self = circular;
      const text = JSON.stringify(redactor.json(circular));
      expect(text).not.toContain(value);
      expect(text).not.toContain(JSON.stringify(value).slice(1, -1));
    }),
  );
});

describe('json', () => {
  const { json } = createRedactor();

  test('keeps what is JSON and says what is not', () => {
    expect(
      json({ a: [1, null, 'x'], b: undefined, c: 1n, d: Number.NaN, e: new Date(0), f: new Uint8Array(3) }),
    ).toEqual({
      a: [1, null, 'x'],
      c: '1',
      d: 'NaN',
      e: '1970-01-01T00:00:00.000Z',
      f: '[3 bytes]',
    });
    expect(json(createSecret({ ref: 'secret://env/X', value: 'hunter2' }))).toBe('[secret]');
    const bad = {
      toJSON() {
        throw new Error('no');
      },
    };
    expect(json(bad)).toBe('[toJSON failed: no]');
  });
});

test('ordinary words are left alone: short secrets are refused', () => {
  const redactor = createRedactor();
  expect(redactor.add('a')).toBe(false);
  expect(redactor.text('a banana')).toBe('a banana');
});

test('of two secrets the longer goes first', () => {
  const redactor = createRedactor();
  redactor.add('hunter');
  redactor.add('hunter2000');
  expect(redactor.text('hunter2000 hunter')).toBe('[redacted] [redacted]');
});
