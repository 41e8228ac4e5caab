export { searchRoutes } from './routes.ts';
export { createSearchIndex, type Facets, type SearchIndex, type SearchQuery } from './search-index.ts';
