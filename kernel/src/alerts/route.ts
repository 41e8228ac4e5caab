import type { Alert } from '@vp/contracts';
import { globTest } from '../assets/selection.ts';
import type { AlertRoute } from '../config/schema.ts';

function fits(route: AlertRoute, alert: Alert): boolean {
  const { severity, assets, tags } = route;
  if (severity !== undefined && !severity.includes(alert.severity)) return false;
  if (
    assets !== undefined &&
    !assets.some((glob) => alert.asset !== undefined && globTest(glob)(alert.asset))
  ) {
    return false;
  }
  return tags === undefined || tags.some((tag) => alert.tags?.includes(tag) ?? false);
}

/** The alerters that get an alert: those of the first route that fits, and on while routes `continue`. */
export function routeAlert(routes: readonly AlertRoute[], alert: Alert): readonly string[] {
  const to = new Set<string>();
  for (const route of routes) {
    if (!fits(route, alert)) continue;
    for (const alerter of route.to) to.add(alerter);
    if (route.continue !== true) break;
  }
  return [...to];
}
