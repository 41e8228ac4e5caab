import type { CallContext, Json, ReadRequest, Source, SourceRead, SourceStream } from '@vp/contracts';
import type { Row } from '../../rows/row.ts';
import { testContext } from '../../testing/test-context.ts';
import { decode } from '../data/decode.ts';
import { ensure } from '../ensure.ts';
import type { SourceSubject } from './subject.ts';

/** What one read gave. */
export interface ReadResult {
  readonly rows: readonly Row[];
  readonly read: SourceRead;
  readonly state: Json | undefined;
}

/** A request for the subject's stream as rows, changed by `more`. */
export function request(subject: SourceSubject, more: Partial<ReadRequest> = {}): ReadRequest {
  return { options: subject.options, format: 'rows', ...more };
}

/** Opens a read, hands it to `use` and closes it, whatever happens. */
export async function withRead<T>(
  source: Source,
  wanted: ReadRequest,
  use: (read: SourceRead) => Promise<T>,
  context: CallContext = testContext(),
): Promise<T> {
  const read = await source.read(wanted, context);
  try {
    return await use(read);
  } finally {
    await read.close();
  }
}

/** Drains all parts of a read and asks for the state after them. */
export async function readAll(
  subject: SourceSubject,
  source: Source,
  more: Partial<ReadRequest> = {},
): Promise<ReadResult> {
  return withRead(source, request(subject, more), async (read) => {
    const rows: Row[] = [];
    for (const part of read.parts) rows.push(...(await decode(part, subject.decoders)));
    return { rows, read, state: await read.state() };
  });
}

/** The one stream that the subject's options select. */
export async function theStream(subject: SourceSubject, source: Source): Promise<SourceStream> {
  const streams = await source.discover({ options: subject.options }, testContext());
  const [stream] = streams;
  ensure(
    stream !== undefined && streams.length === 1,
    `discover with the stream’s options gives ${streams.length} streams, expected the one`,
  );
  return stream;
}

/** A state after a trip through the store: states are kept as JSON. */
export function stored(state: Json | undefined): Json {
  ensure(state !== undefined, 'the read has no state');
  return JSON.parse(JSON.stringify(state));
}

/** Why laws on incremental reads do not apply, or `undefined`. */
export function notIncremental(subject: SourceSubject): string | undefined {
  return subject.append === undefined || subject.moreRows === undefined
    ? 'the subject cannot append rows'
    : undefined;
}
