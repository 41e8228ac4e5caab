import { createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';

const claims = z.object({
  /** User. */
  sub: z.string(),
  /** Id, by which it is revoked. */
  jti: z.string(),
  /** Seconds since 1970. */
  iat: z.int(),
  exp: z.int().optional(),
});

export type TokenClaims = z.infer<typeof claims>;

const header = encode(JSON.stringify({ alg: 'HS256', typ: 'JWT' }));

/** A JSON Web Token (RFC 7519), HMAC with SHA-256. */
export function signToken(payload: TokenClaims, secret: string): string {
  const body = `${header}.${encode(JSON.stringify(payload))}`;
  return `${body}.${mac(body, secret)}`;
}

/** The claims of a token that was signed with `secret`; none of any other text. Says nothing of its expiry. */
export function readToken(token: string, secret: string): TokenClaims | undefined {
  const [head, body, signature, ...rest] = token.split('.');
  // The header is compared as a text: a token that names another algorithm is none of ours.
  if (head !== header || body === undefined || signature === undefined || rest.length > 0) return undefined;
  const expected = Buffer.from(mac(`${head}.${body}`, secret));
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  return claims.parse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')));
}

function mac(text: string, secret: string): string {
  return createHmac('sha256', secret).update(text).digest('base64url');
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64url');
}
