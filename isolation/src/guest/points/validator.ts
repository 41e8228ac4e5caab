import type { QueryResult, RowBatch, ValidationTarget, Validator } from '@vp/contracts';
import { objectOf, schemaOf } from '../../wire/payload.ts';
import type { Args, Methods, ServeApi } from './api.ts';

type ValidateRequest = Parameters<Validator['validate']>[0];

export function serveValidator(validator: Validator, api: ServeApi): Methods {
  return {
    rules: () => validator.rules(),
    validate: (args) => {
      const { target, ...rest } = args.request as Omit<ValidateRequest, 'target'> & {
        readonly target: Omit<ValidationTarget, 'query'>;
      };
      const query = (sql: string) => runQuery(args, sql, api);
      return validator.validate({ ...rest, target: { ...target, query } }, api.context(args));
    },
  };
}

/** Asks the host, which asks the engine that holds the data. */
async function runQuery({ context }: Args, sql: string, { link }: ServeApi): Promise<QueryResult> {
  const answer = objectOf(await link.call('query', { context, sql }), 'the result of a query');
  const schema = schemaOf(answer.schema);
  const incoming = link.consume(answer.stream, { kind: 'batches', schema });
  return {
    schema,
    // What a stream of batches carries was decoded as batches.
    batches: incoming as AsyncIterable<unknown> as AsyncIterable<RowBatch>,
    close: async () => {
      await incoming.return();
    },
  };
}
