import { plural } from '../ui/format.ts';
import type { Style } from '../ui/style.ts';
import type { Proof } from './prove.ts';
import type { LawTold } from './run-kits.ts';

type Outcome = LawTold['law']['outcome'];

const marks: Readonly<Record<Outcome, readonly [mark: string, format: 'green' | 'red' | 'dim']>> = {
  passed: ['✓', 'green'],
  failed: ['✗', 'red'],
  exempt: ['-', 'dim'],
};

/** One line for a law, with what broke it or why it says nothing. */
export function lawLine({ law }: Pick<LawTold, 'law'>, style: Style): string {
  const { id, title, level, outcome, reason, problem } = law;
  const [mark, format] = marks[outcome];
  const should = level === 'should' ? style('dim', ' (should)') : '';
  const line = `  ${style(format, mark)} ${id} ${outcome === 'exempt' ? style('dim', title) : title}${should}`;
  if (problem !== undefined) return `${line}\n      ${style(format, problem.replaceAll('\n', '\n      '))}`;
  return reason === undefined ? line : `${line}${style('dim', `: does not apply, ${reason}`)}`;
}

/** `source weather, csv` */
export const headingOf = ({ point, id, variant }: LawTold['of']): string =>
  variant === undefined ? `${point} ${id}` : `${point} ${id}, ${variant}`;

/** What it all came to. */
export function proofSummary({ report, badge, untested, unknown, laws }: Proof, style: Style): string {
  const count = (outcome: Outcome) => laws.filter(({ law }) => law.outcome === outcome).length;
  const failed = laws.filter(({ law }) => law.outcome === 'failed');
  const broken = failed.filter(({ law }) => law.level === 'must').length;
  const parts = [
    `${plural(count('passed'), 'law')} passed`,
    ...(failed.length === 0 ? [] : [style('red', `${failed.length} failed`)]),
    `${count('exempt')} do not apply`,
  ];
  const lines = [`${style('bold', `${report.plugin}@${report.version}`)}: ${parts.join(', ')}`];
  for (const { point, id } of untested)
    lines.push(style('red', `${point} ${id} has no subject: add ${point}s.${id} to conformance.ts`));
  for (const { point, id } of unknown)
    lines.push(style('red', `the subject of ${point} ${id} fits nothing in the manifest`));
  if (broken > 0) lines.push(style('red', `No badge: ${plural(broken, 'law')} must hold and does not.`));
  else if (badge !== undefined) lines.push(`badge ${style('green', badge.level)}`);
  return lines.join('\n');
}
