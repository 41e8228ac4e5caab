/**
 * Types of the options of `source('<id>', …)`, `sink('<id>', …)` and of check rules, filled by the
 * plugins that a project uses. A plugin's types add themselves:
 *
 * ```ts no-check
 * declare module '@vp/contracts' {
 *   interface SourceOptions { weather: { readonly city: string } }
 * }
 * ```
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging
export interface SourceOptions {}

/** See {@link SourceOptions}. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging
export interface SinkOptions {}
