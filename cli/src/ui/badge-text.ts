import type { Badge } from '@vp/contracts/registry';
import type { Cell } from './table.ts';

/** A badge in a table: `full 48`, or `core 45/48` with the laws that it passed and all that it broke. */
export function badgeCell(badge: Badge | undefined): Cell {
  if (badge === undefined) return { text: '-', format: 'dim' };
  const { level, passed, failed } = badge;
  return level === 'full'
    ? { text: `full ${passed}`, format: 'green' }
    : { text: `core ${passed}/${passed + failed}`, format: 'yellow' };
}

/** A badge in a sentence. */
export function badgeSentence(badge: Badge | undefined): string {
  if (badge === undefined) return 'none: no report of the conformance kit fits this version';
  const { level, passed, failed, exempt, contributions } = badge;
  const broken = failed === 0 ? '' : `, ${failed} that should hold do not`;
  const left = exempt === 0 ? '' : `, ${exempt} exempt`;
  return `${level}: ${passed} laws hold${broken}${left} (${contributions.join(', ')})`;
}
