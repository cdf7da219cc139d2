import { PanelPlugin } from '@grafana/data';
import { addOptions } from './addOptions';
import { MetricsPanel } from './MetricsPanel';
import type { PanelOptions } from './options';

export const plugin = new PanelPlugin<PanelOptions>(MetricsPanel).setNoPadding().setPanelOptions(addOptions);
