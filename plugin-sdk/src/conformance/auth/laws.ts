import type { Credentials } from '@vp/contracts';
import { testContext } from '../../testing/test-context.ts';
import {
  ensure,
  ensureCancelled,
  ensureNoSecrets,
  ensureSame,
  notApplicable,
  show,
  within,
} from '../ensure.ts';
import type { Law } from '../law.ts';
import { examples, identify, lacks } from './asking.ts';
import type { AuthCapability, AuthSubject } from './subject.ts';

const methods: Readonly<Record<AuthCapability, 'identify' | 'authorize' | 'secret'>> = {
  identity: 'identify',
  authorization: 'authorize',
  secrets: 'secret',
};

/** The laws of auth providers. */
export const authLaws: readonly Law<AuthSubject>[] = [
  {
    id: 'U01',
    title: 'it has the methods of its capabilities, and no others',
    proves: 'The manifest says what it can do, without running it.',
    level: 'must',
    async run(subject) {
      const auth = await subject.open();
      ensure(subject.capabilities.length > 0, 'it has no capabilities');
      for (const capability of ['identity', 'authorization', 'secrets'] as const)
        ensureSame(
          auth[methods[capability]] !== undefined,
          subject.capabilities.includes(capability),
          `whether it has ${methods[capability]}`,
        );
    },
  },
  {
    id: 'U02',
    title: 'check resolves with a message',
    proves: '`vp doctor` says whether people and secrets are found.',
    level: 'must',
    async run(subject) {
      const auth = await subject.open();
      if (auth.check === undefined) notApplicable('it has no check');
      const report = await auth.check(testContext());
      ensure(report.ok && report.message.trim() !== '', `check says ${show(report)}`);
    },
  },
  {
    id: 'U03',
    title: 'valid credentials give their identity, the same each time and from each instance',
    proves: 'Rights and audit hang on an id that does not change.',
    level: 'must',
    exempt: lacks('identity'),
    async run(subject) {
      const auth = await subject.open();
      for (const { credentials, is } of examples(subject.identities, 'identities').good) {
        const identity = await identify(auth, credentials);
        ensure(identity !== undefined, 'valid credentials give nobody');
        ensureSame({ ...identity, ...is }, identity, 'the identity');
        ensure(
          identity.id !== '' && identity.name !== '' && identity.provider !== '',
          `${show(identity)} is not whole`,
        );
        ensureSame(
          await identify(await subject.open(), credentials),
          identity,
          'another instance’s identity',
        );
      }
    },
  },
  {
    id: 'U04',
    title: 'credentials that are not valid give nobody, and do not throw',
    proves: 'A wrong password is an answer, not an outage.',
    level: 'must',
    exempt: lacks('identity'),
    async run(subject) {
      const auth = await subject.open();
      for (const credentials of examples(subject.identities, 'identities').bad)
        ensureSame(
          await identify(auth, credentials),
          undefined,
          `who ${credentials.kind} credentials belong to`,
        );
    },
  },
  {
    id: 'U05',
    title: 'credentials of any other kind or content give nobody, and do not throw',
    proves: 'Whatever comes over the network, it is no way in.',
    level: 'must',
    exempt: lacks('identity'),
    async run(subject) {
      const auth = await subject.open();
      const nasty = [
        '',
        ' ',
        '\u0000',
        'a'.repeat(100_000),
        '__proto__',
        '../../etc/passwd',
        '💥',
        '%00',
        "' or 1=1 --",
      ];
      for (const text of nasty) {
        for (const credentials of [
          { kind: 'bearer', token: text },
          { kind: 'session', token: text },
          { kind: 'basic', username: text, password: text },
        ] satisfies readonly Credentials[])
          ensureSame(
            await identify(auth, credentials),
            undefined,
            `who ${credentials.kind} ${show(text)} is`,
          );
      }
    },
  },
  {
    id: 'U06',
    title: 'requests are allowed and refused as they should be, with the reason',
    proves: 'Rights hold, and a refusal says which rule it was.',
    level: 'must',
    exempt: lacks('authorization'),
    async run(subject) {
      const auth = await subject.open();
      for (const { request, allowed } of examples(subject.requests, 'requests')) {
        const result = await auth.authorize?.(request, testContext());
        const what = `${request.identity.id} ${request.action} ${request.resource}`;
        ensureSame(result?.allowed, allowed, `whether ${what} is allowed`);
        ensure(result?.reason.trim() !== '', `${what} has no reason`);
      }
    },
  },
  {
    id: 'U07',
    title: 'whoever is refused something is refused what nobody has heard of',
    proves: 'What no rule speaks of is closed: a new action is not open by accident.',
    level: 'must',
    exempt: lacks('authorization'),
    async run(subject) {
      const auth = await subject.open();
      const refused = examples(subject.requests, 'requests').filter((r) => !r.allowed);
      if (refused.length === 0) notApplicable('it refuses nobody anything');
      for (const { request } of refused) {
        for (const strange of [
          { action: 'no.such.action', resource: 'thing:none' },
          { action: '', resource: '' },
          { action: '__proto__', resource: 'constructor' },
        ]) {
          const result = await auth.authorize?.({ ...request, ...strange }, testContext());
          ensureSame(result?.allowed, false, `whether ${show(strange)} is allowed to ${request.identity.id}`);
        }
      }
    },
  },
  {
    id: 'U08',
    title: 'a secret is given to the last byte',
    proves: 'A password with spaces, newlines or umlauts works.',
    level: 'must',
    exempt: lacks('secrets'),
    async run(subject) {
      const auth = await subject.open();
      for (const { ref, value } of examples(subject.secrets, 'secrets').present) {
        const given = await auth.secret?.(ref, testContext());
        ensure(
          given === value,
          `the value of ${ref} is ${given === undefined ? 'not there' : 'another one'}`,
        );
      }
    },
  },
  {
    id: 'U09',
    title: 'a secret that there is not is undefined, and no error',
    proves: 'The host says which reference leads nowhere, and what there is.',
    level: 'must',
    exempt: lacks('secrets'),
    async run(subject) {
      const auth = await subject.open();
      for (const ref of examples(subject.secrets, 'secrets').missing)
        ensure((await auth.secret?.(ref, testContext())) === undefined, `${ref} has a value`);
    },
  },
  {
    id: 'U10',
    title: 'references of another scheme, or of no sense, give nothing',
    proves: 'A provider answers for its own secrets only.',
    level: 'must',
    exempt: lacks('secrets'),
    async run(subject) {
      const auth = await subject.open();
      const path =
        examples(subject.secrets, 'secrets').present[0]?.ref.replace(/^secret:\/\/[^/]*\//, '') ?? 'X';
      for (const ref of [`secret://nobody-has-this/${path}`, 'secret://', 'secret:///'] as const) {
        // An error is an answer, too: it gives nothing. U12 looks at what is in it.
        const value = await auth.secret?.(ref, testContext()).catch(() => undefined);
        ensure(value === undefined, `${ref} has a value`);
      }
    },
  },
  {
    id: 'U11',
    title: 'references that lead out of its place give nothing',
    proves: 'A pipeline cannot read /etc/passwd as a secret.',
    level: 'must',
    exempt: (subject) =>
      subject.secrets?.forbidden?.length ? undefined : 'no reference of its scheme can lead out',
    async run(subject) {
      const auth = await subject.open();
      for (const ref of subject.secrets?.forbidden ?? []) {
        // An error is an answer, too: it gives nothing. U12 looks at what is in it.
        const value = await auth.secret?.(ref, testContext()).catch(() => undefined);
        ensure(value === undefined, `${ref} has a value`);
      }
    },
  },
  {
    id: 'U12',
    title: 'no secret and no credential is in logs, messages or errors',
    proves: 'Logs can be shown to anybody.',
    level: 'must',
    async run(subject) {
      const auth = await subject.open();
      const context = testContext();
      const seen: unknown[] = [await auth.check?.(context)];
      for (const { ref } of subject.secrets?.present ?? []) await auth.secret?.(ref, context);
      for (const ref of [...(subject.secrets?.missing ?? []), ...(subject.secrets?.forbidden ?? [])])
        seen.push(await auth.secret?.(ref, context).catch((error: unknown) => error));
      const { good = [], bad = [] } = subject.identities ?? {};
      const credentials = [...good.map((g) => g.credentials), ...bad];
      for (const each of credentials)
        seen.push(await auth.identify?.(each, context).catch((error: unknown) => error));
      const hidden = [
        ...(subject.secrets?.present ?? []).map((s) => s.value),
        ...credentials.flatMap((c) => [c.password ?? '', c.token ?? '']),
      ];
      ensureNoSecrets(
        [...seen, context.text()],
        hidden.filter((text) => text.length > 3),
      );
    },
  },
  {
    id: 'U13',
    title: 'a hundred calls at the same time are answered as one is',
    proves: 'A server asks for many people at once.',
    level: 'must',
    async run(subject) {
      const auth = await subject.open();
      const secrets = subject.secrets?.present ?? [];
      const people = subject.identities?.good ?? [];
      const work = Array.from({ length: 100 }, async (_, i) => {
        const secret = secrets[i % Math.max(1, secrets.length)];
        if (secret !== undefined)
          ensure(
            (await auth.secret?.(secret.ref, testContext())) === secret.value,
            `${secret.ref} gave another value`,
          );
        const person = people[i % Math.max(1, people.length)];
        if (person === undefined) return;
        const identity = await identify(auth, person.credentials);
        ensureSame({ ...identity, ...person.is }, identity, 'the identity');
      });
      await within(5_000, Promise.all(work), 'a hundred calls');
    },
  },
  {
    id: 'U14',
    title: 'a call whose signal is aborted already rejects with the reason',
    proves: 'A request that was given up holds nothing.',
    level: 'must',
    async run(subject) {
      const auth = await subject.open();
      const context = testContext();
      const reason = new Error('never started');
      context.abort(reason);
      for (const { ref } of subject.secrets?.present ?? [])
        if (auth.secret) await ensureCancelled(auth.secret(ref, context), reason, 'secret');
      for (const { credentials } of subject.identities?.good ?? [])
        if (auth.identify) await ensureCancelled(auth.identify(credentials, context), reason, 'identify');
    },
  },
];
