import type { PublishResult } from '@vp/installer';
import { bytes, plural } from '../ui/format.ts';
import type { Style } from '../ui/style.ts';

/** What was published, or would be, and where it can be seen. */
export function publishView(published: PublishResult, style: Style): string {
  const { name, version, registry, tag, badge, noBadge, dryRun, files, size, unpackedSize, url } = published;
  const what = style('bold', `${name}@${version}`);
  const lines = [
    `${dryRun ? 'Would publish' : 'Published'} ${what} to ${registry}${tag === 'latest' ? '' : ` as ${tag}`}`,
    `  ${plural(files.length, 'file')}, ${bytes(size)} packed, ${bytes(unpackedSize)} unpacked`,
  ];
  if (badge !== undefined)
    lines.push(
      `  badge ${style('green', badge.level)}, ${badge.passed} of ${badge.passed + badge.failed} laws`,
    );
  else if (noBadge !== undefined) lines.push(style('yellow', `  no badge: ${noBadge}`));
  if (!dryRun) lines.push(`  ${url}`, `  vp plugins install ${name}`);
  return lines.join('\n');
}
