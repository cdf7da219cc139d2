import { AppPlugin } from '@grafana/data';

/** The app holds the data source and the panel; it has no pages of its own. */
export const plugin = new AppPlugin();
