import type { CallContext } from '@vp/contracts';
import type { Link } from '../../wire/link.ts';

/** The arguments of one method as they came. The host is trusted, and checked them against the contract. */
export type Args = { readonly [name: string]: unknown };

/** A method as the host calls it. */
export type Method = (args: Args) => unknown;

/** The methods of an instance, or of something that it gave. Nothing else of it can be called. */
export type Methods = Readonly<Record<string, Method>>;

/** What serving a contribution needs. */
export interface ServeApi {
  readonly link: Link;
  /** The context of a call, from its `context` argument. */
  context(args: Args): CallContext;
  /** Keeps an object of which the host has chosen the number, in the argument `object`. */
  keep(args: Args, methods: Methods): void;
}
