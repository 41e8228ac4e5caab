import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { VpError } from '@vp/contracts';
import {
  documentMessage,
  endorsedMessage,
  keyId,
  type RegistryKey,
  signedMessage,
} from '@vp/contracts/registry';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { verifyKillList } from './kill-list.ts';
import { type SignedVersion, verifySignature } from './signature.ts';

interface Pair {
  readonly key: RegistryKey;
  readonly secret: KeyObject;
}

const registry = 'https://npm.acme.dev/';
const integrity = `sha512-${Buffer.alloc(64, 7).toString('base64')}`;
const signed = (secret: KeyObject, message: string) =>
  sign('sha256', Buffer.from(message), secret).toString('base64');

function pair(init: { readonly expires?: string; readonly by?: Pair } = {}): Pair {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  const base: RegistryKey = {
    keyid: keyId(key),
    keytype: 'ecdsa-sha2-nistp256',
    scheme: 'ecdsa-sha2-nistp256',
    key,
    expires: init.expires ?? null,
  };
  const { by } = init;
  if (by === undefined) return { key: base, secret: privateKey };
  const endorsement = { keyid: by.key.keyid, sig: signed(by.secret, endorsedMessage(base)) };
  return { key: { ...base, endorsement }, secret: privateKey };
}

function offer(by: Pair, change: Partial<SignedVersion> = {}): SignedVersion {
  const version = { name: '@acme/weather', version: '1.2.0', integrity };
  return {
    ...version,
    signatures: [{ keyid: by.key.keyid, sig: signed(by.secret, signedMessage(version)) }],
    published: '2026-06-01T00:00:00.000Z',
    registry,
    keys: [by.key],
    pinned: [],
    ...change,
  };
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as VpError).code;
  }
  return 'accepted';
}

const verdict = (version: SignedVersion) => codeOf(() => verifySignature(version));
const first = pair();

test('the first contact pins the keys of the registry, and a pinned key is enough from then on', () => {
  const { trusted, key } = verifySignature(offer(first));
  expect(trusted).toEqual([first.key]);
  expect(key.keyid).toBe(first.key.keyid);
  expect(verdict(offer(first, { keys: [], pinned: trusted }))).toBe('accepted');
});

test('a new key counts when a pinned one vouches for it, also through others', () => {
  const second = pair({ by: first });
  const third = pair({ by: second });
  const keys = [first.key, second.key, third.key];
  expect(verifySignature(offer(third, { keys, pinned: [first.key] })).trusted).toHaveLength(3);
  // The registry may have dropped the first one: its pinned copy still vouches.
  expect(verdict(offer(second, { keys: [second.key], pinned: [first.key] }))).toBe('accepted');
  expect(verdict(offer(third, { keys: [third.key], pinned: [first.key] }))).toBe('VP_TRUST_KEY_NOT_ENDORSED');
});

test('each way to be wrong has its own code', () => {
  const stranger = pair();
  const self = pair({ by: stranger });
  const sig = offer(stranger).signatures?.[0]?.sig ?? '';
  const forged = { ...stranger.key, endorsement: { keyid: first.key.keyid, sig } };
  const renamed = { ...stranger.key, keyid: 'SHA256:of-somebody-else' };
  const renamedSignature = { keyid: renamed.keyid, sig };
  const late = pair({ expires: '2026-01-01T00:00:00.000Z' });
  expect([
    verdict(offer(first, { signatures: undefined })),
    verdict(offer(first, { signatures: [] })),
    verdict(offer(first, { integrity: undefined })),
    verdict(offer(first, { integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' })),
    verdict(offer(first, { keys: [] })),
    verdict(offer(first, { version: '1.2.1' })),
    verdict(offer(stranger, { keys: [first.key], pinned: [first.key] })),
    verdict(offer(stranger, { keys: [first.key, stranger.key], pinned: [first.key] })),
    verdict(offer(self, { keys: [first.key, self.key, stranger.key], pinned: [first.key] })),
    verdict(offer(stranger, { keys: [first.key, forged], pinned: [first.key] })),
    verdict(offer(stranger, { keys: [renamed], signatures: [renamedSignature] })),
    verdict(offer(late)),
    verdict(offer(late, { published: undefined })),
    verdict(offer(late, { published: 'yesterday' })),
  ]).toEqual([
    'VP_TRUST_UNSIGNED',
    'VP_TRUST_UNSIGNED',
    'VP_TRUST_NO_INTEGRITY',
    'VP_TRUST_NO_INTEGRITY',
    'VP_TRUST_NO_KEYS',
    'VP_TRUST_WRONG_SIGNATURE',
    'VP_TRUST_KEY_UNKNOWN',
    'VP_TRUST_KEY_NOT_ENDORSED',
    'VP_TRUST_KEY_NOT_ENDORSED',
    'VP_TRUST_ENDORSEMENT_FORGED',
    'VP_TRUST_KEY_MALFORMED',
    'VP_TRUST_KEY_EXPIRED',
    'VP_TRUST_KEY_EXPIRED',
    'VP_TRUST_KEY_EXPIRED',
  ]);
});

test('what an expired key signed in its time stays valid, and nobody prolongs the time of a pinned key', () => {
  const old = pair({ expires: '2026-07-01T00:00:00.000Z' });
  expect(verdict(offer(old))).toBe('accepted');
  const prolonged = { ...old.key, expires: null };
  const later = { published: '2026-08-01T00:00:00.000Z', keys: [prolonged] };
  expect(verdict(offer(old, { ...later, pinned: [old.key] }))).toBe('VP_TRUST_KEY_EXPIRED');
  expect(verdict(offer(old, { published: later.published, pinned: [prolonged] }))).toBe(
    'VP_TRUST_KEY_EXPIRED',
  );
});

test('one good signature among bad ones is enough', () => {
  const good = offer(first).signatures ?? [];
  const bad = [
    { keyid: 'SHA256:nobody', sig: 'AAAA' },
    { keyid: first.key.keyid, sig: 'AAAA' },
  ];
  expect(verdict(offer(first, { signatures: [...bad, ...good] }))).toBe('accepted');
  expect(verdict(offer(first, { signatures: bad }))).toBe('VP_TRUST_WRONG_SIGNATURE');
});

test('any one character of name, version or integrity that changes is refused', () => {
  const good = offer(first);
  const property = fc.property(
    fc.constantFrom('name', 'version', 'integrity'),
    fc.nat(),
    fc.string({ minLength: 1, maxLength: 1, unit: 'grapheme-ascii' }),
    (field, at, letter) => {
      const text = good[field as 'name'];
      const index = at % text.length;
      fc.pre(text[index] !== letter);
      const changed = text.slice(0, index) + letter + text.slice(index + 1);
      expect(verdict({ ...good, [field]: changed })).toMatch(/^VP_TRUST_(WRONG_SIGNATURE|NO_INTEGRITY)$/);
    },
  );
  fc.assert(property);
});

test('any one byte of a signature or of a key that changes is refused', () => {
  const good = offer(first);
  const [signature = { keyid: '', sig: '' }] = good.signatures ?? [];
  const flip = (base64: string, at: number, mask: number) => {
    const bytes = Buffer.from(base64, 'base64');
    const index = at % bytes.length;
    bytes[index] = (bytes[index] ?? 0) ^ mask;
    return bytes.toString('base64');
  };
  const property = fc.property(fc.nat(), fc.integer({ min: 1, max: 255 }), (at, mask) => {
    const sig = flip(signature.sig, at, mask);
    expect(verdict({ ...good, signatures: [{ ...signature, sig }] })).toBe('VP_TRUST_WRONG_SIGNATURE');
    const key = { ...first.key, key: flip(first.key.key, at, mask) };
    expect(verdict({ ...good, keys: [key] })).toBe('VP_TRUST_KEY_MALFORMED');
  });
  fc.assert(property);
});

const killed = {
  package: '@acme/weather',
  version: '1.2.0',
  reason: 'leaks',
  at: '2026-06-02T00:00:00.000Z',
};

function killList(by: Pair, serial: number) {
  const list = { serial, entries: [killed] };
  return { ...list, signature: { keyid: by.key.keyid, sig: signed(by.secret, documentMessage(list)) } };
}

test('a list of withdrawn versions is signed, and never goes back', () => {
  const now = new Date('2026-09-01');
  const base = { registry, keys: [first.key], pinned: [first.key], now };
  const list = killList(first, 7);
  const expired = pair({ expires: '2026-07-01T00:00:00.000Z' });
  const run = (change: object) => codeOf(() => verifyKillList({ ...base, list, ...change }));
  expect([
    run({}),
    run({ lastSerial: 7 }),
    run({ lastSerial: 8 }),
    run({ list: { ...list, serial: 9 } }),
    run({ list: { ...list, entries: [] } }),
    run({ list: { ...list, entries: [{ ...killed, reason: 'fine' }] } }),
    run({ list: killList(pair(), 7) }),
    run({ list: killList(expired, 7), keys: [expired.key], pinned: [] }),
  ]).toEqual([
    'accepted',
    'accepted',
    'VP_TRUST_KILL_LIST_REPLAYED',
    'VP_TRUST_KILL_LIST_WRONG',
    'VP_TRUST_KILL_LIST_WRONG',
    'VP_TRUST_KILL_LIST_WRONG',
    'VP_TRUST_KILL_LIST_WRONG',
    'VP_TRUST_KILL_LIST_WRONG',
  ]);
});
