import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  describeThrown,
  isVpError,
  type SourceLocation,
  type TableSchema,
  type VpError,
  withErrorContext,
} from '@vp/plugin-sdk';
import { errors } from './errors.ts';
import { excerpt } from './excerpt.ts';

/** What is known about the moment at which user code threw. */
export interface ThrownAt {
  readonly asset: string;
  /** The project's folder, to name files relative to it. */
  readonly project: string;
  /** 1-based input row. */
  readonly row?: number;
  readonly input?: unknown;
  readonly schema?: TableSchema;
}

/** Something that user code threw, as an error that names asset, row and line of the code. */
export function toUserError(thrown: unknown, at: ThrownAt): VpError {
  const place = { ...placeInUserCode(thrown, at.project), ...(at.row === undefined ? {} : { row: at.row }) };
  // The author's own VpError says what it is; only the place is added.
  if (isVpError(thrown))
    return withErrorContext(thrown, { at: place }, { code: 'VP_TS_THREW', class: 'data' });
  const where = place.file === undefined ? '' : `${place.file}:${place.line}`;
  return errors.VP_TS_THREW(
    {
      asset: at.asset,
      row: at.row,
      thrown: describeThrown(thrown),
      where,
      excerpt: excerpt(at.input, at.schema),
    },
    { cause: thrown, at: place },
  );
}

/** The innermost frame of the stack that lies in a file of the user's. */
function placeInUserCode(thrown: unknown, project: string): SourceLocation {
  if (typeof thrown !== 'object' || thrown === null || !('stack' in thrown)) return {};
  for (const frame of String(thrown.stack).split('\n')) {
    const match = /\(?((?:file:\/\/|\/|[A-Za-z]:\\)[^()]*):(\d+):(\d+)\)?$/.exec(frame.trim());
    const url = match?.[1];
    if (url === undefined || /[/\\]node_modules[/\\]/.test(url) || isOwn(url)) continue;
    const path = url.startsWith('file://') ? fileURLToPath(url) : url;
    const name = relative(project, path);
    return {
      file: name.startsWith('..') ? path : name,
      line: Number(match?.[2]),
      column: Number(match?.[3]),
    };
  }
  return {};
}

const here = new URL('.', import.meta.url);

/** Whether a frame is of this plugin itself (installed from a workspace it is not below node_modules). */
function isOwn(url: string): boolean {
  const folder = url.startsWith('file://') ? here.href : fileURLToPath(here);
  return url.startsWith(folder) && !/\.test\.[jt]s$/.test(url);
}
