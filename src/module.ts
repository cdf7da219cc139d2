import { AppPlugin } from '@grafana/data';
import { AppPage } from './app/AppPage';

/** The app holds the data source, the panel and the dashboards; its page tells what is connected and how to begin. */
export const plugin = new AppPlugin().setRootPage(AppPage);
