import { expect, test } from 'vitest';
import { badgeSvg } from './badge-svg.ts';
import type { Badge } from './report.ts';

const badge: Badge = { level: 'full', passed: 27, failed: 0, exempt: 2, contributions: ['source files'] };

test('a badge says level and laws in its picture and aloud', () => {
  const svg = badgeSvg(badge);
  expect(svg).toContain('>full 27/27</text>');
  expect(svg).toContain('<title>Conformance: full, 27 of 27 laws hold</title>');
  expect(badgeSvg({ ...badge, level: 'core', passed: 25, failed: 2 })).toContain('>core 25/27</text>');
});

test('a plugin without a report gets a badge that says so, in another colour', () => {
  const none = badgeSvg(undefined);
  expect(none).toContain('>not tested</text>');
  expect(none.includes('#1a7f37')).toBe(false);
});

test('the picture refers to nothing outside of itself and is the same each time', () => {
  const svg = badgeSvg(badge);
  expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|href|<script|<style/);
  expect(badgeSvg({ ...badge })).toBe(svg);
});

test('the text stays inside of the picture', () => {
  const svg = badgeSvg({ ...badge, passed: 12_345, failed: 0 });
  const [, width = '0'] = svg.match(/^<svg [^>]*width="(\d+)"/) ?? [];
  for (const [, x, length] of svg.matchAll(/<text x="(\d+)" y="14" textLength="(\d+)"/g)) {
    expect(Number(x) + Number(length)).toBeLessThan(Number(width));
  }
});
