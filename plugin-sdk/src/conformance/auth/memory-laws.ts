import { testContext } from '../../testing/test-context.ts';
import { ensureSame, notApplicable } from '../ensure.ts';
import type { Law } from '../law.ts';
import { examples, identify, lacks } from './asking.ts';
import type { AuthSubject } from './subject.ts';

/** Laws on what one answer leaves behind for the next. */
export const memoryLaws: readonly Law<AuthSubject>[] = [
  {
    id: 'U15',
    title: 'an answer depends on the request alone: not on who asked before, nor on earlier groups',
    proves: 'A cache gives nobody the rights of another, nor those that were taken away.',
    level: 'must',
    exempt: lacks('authorization'),
    async run(subject) {
      const asked = examples(subject.requests, 'requests').flatMap(({ request }) => [
        request,
        { ...request, identity: { ...request.identity, groups: [] } },
        { ...request, identity: { ...request.identity, id: `${request.identity.id}-other`, groups: [] } },
      ]);
      const alone: (boolean | undefined)[] = [];
      for (const request of asked)
        alone.push((await (await subject.open()).authorize?.(request, testContext()))?.allowed);
      for (const order of [[...asked.keys()], [...asked.keys()].reverse()]) {
        const auth = await subject.open();
        for (const i of order) {
          const request = asked[i];
          if (request === undefined) continue;
          const allowed = (await auth.authorize?.(request, testContext()))?.allowed;
          const { id, groups } = request.identity;
          const who = `${id} of ${groups.length === 0 ? 'no group' : groups} may ${request.action}`;
          ensureSame(allowed, alone[i], `whether ${who}, after others were asked about,`);
        }
      }
    },
  },
  {
    id: 'U16',
    title: 'credentials that are nearly right give nobody, also right after the right ones',
    proves: 'Tokens are compared whole, and a session is nobody else’s way in.',
    level: 'must',
    exempt: lacks('identity'),
    async run(subject) {
      const auth = await subject.open();
      const near = (text: string) => [
        text.slice(0, -1),
        `${text}x`,
        `${text.slice(0, -1)}\u0000`,
        ` ${text}`,
      ];
      let tried = 0;
      for (const { credentials } of examples(subject.identities, 'identities').good) {
        for (const name of ['token', 'password'] as const) {
          for (const text of near(credentials[name] ?? '')) {
            if (credentials[name] === undefined) continue;
            tried++;
            await identify(auth, credentials);
            const found = await identify(auth, { ...credentials, [name]: text });
            ensureSame(found, undefined, `whom a ${name} that is nearly right belongs to`);
          }
        }
      }
      if (tried === 0) notApplicable('its credentials have neither token nor password');
    },
  },
];
