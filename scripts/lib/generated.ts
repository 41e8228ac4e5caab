/** A file that a script of `scripts/generate/` makes from the sources. */
export interface GeneratedFile {
  /** Relative to the repository. */
  readonly file: string;
  readonly text: string;
}
