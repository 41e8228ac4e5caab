/** Bytes that break the protocol. The end that sees it ends the connection: nothing after it can be trusted. */
export class WireFault extends Error {
  override readonly name = 'WireFault';
}

/** Something that has no form on the wire: a function, a class instance, a cycle. The sender's mistake. */
export class CannotCross extends Error {
  override readonly name = 'CannotCross';
}
