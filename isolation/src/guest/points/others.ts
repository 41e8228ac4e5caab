import type { Alert, Alerter, Auth, Command, CommandRequest, Credentials, SecretRef } from '@vp/contracts';
import type { Args, Methods, ServeApi } from './api.ts';

export function serveAlerter(alerter: Alerter, api: ServeApi): Methods {
  return {
    send: (args) => alerter.send(args.alerts as readonly Alert[], api.context(args)),
    ...(alerter.check === undefined ? {} : { check: (args: Args) => alerter.check?.(api.context(args)) }),
  };
}

export function serveAuth(auth: Auth, api: ServeApi): Methods {
  const request = <T>(args: Args) => args.request as T;
  const all: Methods = {
    check: (args) => auth.check?.(api.context(args)),
    identify: (args) => auth.identify?.(request<Credentials>(args), api.context(args)),
    authorize: (args) => auth.authorize?.(request(args), api.context(args)),
    secret: (args) => auth.secret?.(request<SecretRef>(args), api.context(args)),
    audit: (args) => auth.audit?.(request(args), api.context(args)),
  };
  const has = new Set(['check', 'identify', 'authorize', 'secret', 'audit'].filter((name) => name in auth));
  return Object.fromEntries(Object.entries(all).filter(([name]) => has.has(name)));
}

export function serveCommand(command: Command, api: ServeApi): Methods {
  return {
    run: (args) => {
      const request = args.request as Omit<CommandRequest, 'print'>;
      const { scope } = args.context as { readonly scope: number };
      const print = (line: string) => api.link.note({ type: 'print', scope, line: String(line) });
      return command.run({ ...request, print }, api.context(args));
    },
  };
}
