/** A dashboard that travels with the app. */
export interface ShippedDashboard {
  uid: string;
  title: string;
  description: string;
  /** The path in the plugin's folder, by which Grafana imports it. */
  path: string;
}

/** The build fills them in, from the files that it copies: `.config/buildPlugin.ts`. */
declare const SHIPPED_DASHBOARDS: readonly ShippedDashboard[];

export const shippedDashboards = (): readonly ShippedDashboard[] => SHIPPED_DASHBOARDS;

/** The one that shows a single run. */
export const RUN_OVERVIEW = 'rolloscope-run-overview';
