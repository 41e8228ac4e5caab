import { asset, check, source } from 'vibepiper';

/** Movies with what they cost and earned (JSON). Without a schema, columns are as they are in the file. */
export const movies = asset('movies', {
  source: source('files', { path: 'data/movies.json' }),
  checks: [check.rule('row_count', { options: { min: 3000 } })],
});
