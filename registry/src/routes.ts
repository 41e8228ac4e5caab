import type { IncomingHttpHeaders } from 'node:http';
import type { Catalogue } from './catalogue.ts';

/** Who may do what: readers install, publishers publish too, admins also run the registry. */
export type Role = 'admin' | 'publisher' | 'reader';

export interface Caller {
  readonly name: string;
  readonly role: Role;
}

export interface RouteRequest {
  readonly method: string;
  /** With the base URL that the client sees: what links are made from. */
  readonly url: URL;
  /** What the `*` of the route's path stands for, decoded: `@acme/weather`. Empty without one. */
  readonly rest: string;
  /** Who asks; nobody when the registry is open for reading. */
  readonly caller: Caller | undefined;
  readonly headers: IncomingHttpHeaders;
  /** The body, up to `limit` bytes (64 KB unless told); more is refused with 413. */
  body(limit?: number): Promise<Buffer>;
}

export interface RouteAnswer {
  /** 200 unless told. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text or bytes go out as they are; anything else as JSON. */
  readonly body: unknown;
}

/**
 * One route of the registry beside npm's. A thrown VpError becomes its JSON, with the status 404 for
 * codes that end in `_UNKNOWN` and 400 for the others of class `user`.
 */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `/-/vp/v1/search`, or with a `*` at its end for the rest of the path. */
  readonly path: string;
  /** Readable without a token even when the registry asks for one: a page's own files, never data. */
  readonly public?: true;
  handle(request: RouteRequest): RouteAnswer | Promise<RouteAnswer>;
}

/** What the makers of routes get. */
export interface RouteContext {
  readonly catalogue: Catalogue;
  /** Of `@vp/registry` itself. */
  readonly version: string;
  /** `authenticated`: reading needs a token. */
  readonly access: 'open' | 'authenticated';
}

/** What `src/search` and `src/web` export, as `searchRoutes` and `webRoutes`. */
export type MakeRoutes = (context: RouteContext) => readonly Route[];
