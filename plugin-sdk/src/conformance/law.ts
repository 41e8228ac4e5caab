/** `must`: breaking it makes the contribution wrong. `should`: it makes it worse. */
export type LawLevel = 'must' | 'should';

/**
 * One law of an extension point: what every contribution to it keeps. `Subject` is the contribution
 * under test with what the law needs to know about it; each law gets a fresh one.
 */
export interface Law<Subject> {
  /** Letter of the kit and a number that is never given to another law: `S07`. */
  readonly id: string;
  /** What holds, in one line. */
  readonly title: string;
  /** What a user or the host relies on that this shows. */
  readonly proves: string;
  readonly level: LawLevel;
  /** Why the law says nothing about this subject; `undefined` when it applies. */
  exempt?(subject: Subject): string | undefined;
  /** Rejects when the law is broken. */
  run(subject: Subject): Promise<void>;
}

/** The laws of one extension point. */
export interface Kit<Subject> {
  /** Id of the extension point. */
  readonly point: string;
  /** `source@1` */
  readonly contract: string;
  /** Grows with each change of the laws. */
  readonly version: string;
  readonly laws: readonly Law<Subject>[];
}

/** A subject that holds something (a folder, a server, a connection) says how to let go of it. */
export interface Disposable {
  dispose?(): Promise<void>;
}
