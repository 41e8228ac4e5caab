export { errorPage, isBrowser, pageOfPackage } from './browser-answers.ts';
export { webRoutes } from './routes.ts';
