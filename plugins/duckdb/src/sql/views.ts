import { createHash } from 'node:crypto';
import type { Session } from '../native/database.ts';
import { quoteName } from './quote.ts';

const MOST = 2_000;

/**
 * Views over snapshots, kept for as long as the process lives: an input of a query is a view named as
 * the author names it, so that `orders.id` works whatever files are behind it. One schema per content,
 * so that a view never changes its meaning.
 */
export interface Views {
  /** What stands after FROM for the relation under this name. */
  ensure(session: Session, name: string, relation: string): Promise<string>;
  /** Makes names of assets, dotted ones too, stand for their current data in texts of users. */
  expose(session: Session, asset: string, relation: string): Promise<void>;
}

export function createViews(): Views {
  const made = new Map<string, Promise<string>>();
  const exposed = new Map<string, string>();
  let turn: Promise<unknown> = Promise.resolve();

  // Two connections that change the catalog at once would conflict.
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work, work);
    turn = result.catch(() => undefined);
    return result;
  };

  async function create(session: Session, key: string, name: string, relation: string): Promise<string> {
    const schema = quoteName(`vp_${key}`);
    await session.run(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    await session.run(`CREATE OR REPLACE VIEW ${schema}.${quoteName(name)} AS SELECT * FROM ${relation}`);
    return `${schema}.${quoteName(name)}`;
  }

  async function dropOldest(session: Session): Promise<void> {
    const oldest = made.keys().next().value;
    if (made.size <= MOST || oldest === undefined) return;
    made.delete(oldest);
    await session.run(`DROP SCHEMA IF EXISTS ${quoteName(`vp_${oldest}`)} CASCADE`);
  }

  return {
    ensure: (session, name, relation) => {
      const key = createHash('sha256').update(`${name}\0${relation}`).digest('hex').slice(0, 20);
      const known = made.get(key);
      if (known !== undefined) return known;
      const creating = inTurn(async () => {
        await dropOldest(session);
        return create(session, key, name, relation);
      });
      made.set(key, creating);
      creating.catch(() => made.delete(key));
      return creating;
    },
    expose: async (session, asset, relation) => {
      if (exposed.get(asset) === relation) return;
      await inTurn(async () => {
        const view = `AS SELECT * FROM ${relation}`;
        await session.run(`CREATE OR REPLACE VIEW main.${quoteName(asset)} ${view}`);
        const parts = asset.split('.');
        if (parts.length === 2) {
          await session.run(`CREATE SCHEMA IF NOT EXISTS ${quoteName(parts[0] ?? '')}`);
          await session.run(`CREATE OR REPLACE VIEW ${parts.map(quoteName).join('.')} ${view}`);
        }
        exposed.set(asset, relation);
      });
    },
  };
}
