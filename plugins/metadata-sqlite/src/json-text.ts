import { describeThrown } from '@vp/plugin-sdk';
import { errors } from './errors.ts';

/** `value` as JSON text; `what` names it in the error when it is no JSON. */
export function toJsonText(value: unknown, what: string): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    throw errors.VP_STORE_NOT_JSON({ what, reason: describeThrown(error) }, { cause: error });
  }
  if (text === undefined) throw errors.VP_STORE_NOT_JSON({ what, reason: `it is ${typeof value}` });
  return text;
}

/** The inverse of {@link toJsonText}, for text that this plugin wrote as a `T`. */
export function fromJsonText<T>(text: string): T {
  return JSON.parse(text);
}
