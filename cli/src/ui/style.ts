import { styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];

/** Colours a text for one stream, or leaves it plain: NO_COLOR, FORCE_COLOR, pipes. */
export type Style = (format: Format, text: string) => string;

export function styleFor(stream: NodeJS.WriteStream): Style {
  return (format, text) => styleText(format, text, { stream, validateStream: true });
}

export const plain: Style = (_, text) => text;
