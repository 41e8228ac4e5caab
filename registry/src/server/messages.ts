import type { VpErrorJson } from '@vp/contracts';
import type { ConfigRequest } from '../config/read.ts';

/** What the process of the registry is started with, as JSON. */
export type StartMessage = ConfigRequest;

/** What it says to who started it. */
export type ServerMessage =
  | { readonly type: 'ready'; readonly url: string; readonly data: string; readonly adminToken?: string }
  | { readonly type: 'failed'; readonly error: VpErrorJson };
