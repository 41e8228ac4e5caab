export { searchRoutes } from './routes.ts';
export { createSearchIndex } from './search-index.ts';
