import type { Alerter } from '@vp/contracts';
import type { FakeClock } from '../../testing/fake-clock.ts';
import type { Disposable } from '../law.ts';

/** An alerter under test, with a destination that can be looked at. */
export interface AlerterSubject extends Disposable {
  open(): Alerter | Promise<Alerter>;
  /** What has arrived at the destination, one text for each delivery, oldest first. */
  delivered(): readonly string[] | Promise<readonly string[]>;
  /** An instance whose destination refuses everything. */
  openDown?(): Alerter | Promise<Alerter>;
  /**
   * An instance whose destination refuses two deliveries in a row, from the `from`-th on (the first when left
   * out), and takes all others.
   */
  openFlaky?(from?: number): Alerter | Promise<Alerter>;
  /** An instance whose destination never answers. */
  openSilent?(): Alerter | Promise<Alerter>;
  /** The clock that the instances wait by, so that retries take no time. */
  readonly clock?: FakeClock;
  /** Texts of the configuration that nobody may see. */
  readonly secrets?: readonly string[];
}
