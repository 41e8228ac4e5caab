export type { Catalogue, PublishedPackage, PublishedVersion } from './catalogue.ts';
export type { Caller, MakeRoutes, Role, Route, RouteAnswer, RouteContext, RouteRequest } from './routes.ts';
