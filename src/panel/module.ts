import { FieldConfigProperty, PanelPlugin } from '@grafana/data';
import { addOptions } from './addOptions';
import { DEFAULT_THRESHOLDS } from './color/defaultThresholds';
import type { PanelOptions } from './options';
import { RolloutsPanel } from './RolloutsPanel';
import { suggest } from './suggest';

export const plugin = new PanelPlugin<PanelOptions>(RolloutsPanel)
  .setNoPadding()
  .setPanelOptions(addOptions)
  .setSuggestionsSupplier(suggest)
  .useFieldConfig({
    standardOptions: {
      [FieldConfigProperty.Color]: { settings: { byValueSupport: true, bySeriesSupport: false } },
      [FieldConfigProperty.Thresholds]: { defaultValue: DEFAULT_THRESHOLDS },
      // A color scheme spans the reward's own range, not that of all numbers of the table.
      [FieldConfigProperty.FieldMinMax]: { defaultValue: true },
    },
    useCustomConfig: (builder) => {
      builder
        .addNumberInput({
          path: 'width',
          name: 'Column width',
          description: 'Empty: as the column needs it. Viewers may change it.',
          settings: { placeholder: 'As needed', min: 40, max: 2_000, integer: true },
        })
        .addBooleanSwitch({
          path: 'hidden',
          name: 'Hide column',
          description: 'Viewers may bring it back by Columns...',
          defaultValue: false,
          hideFromDefaults: true,
        });
    },
    disableStandardOptions: [FieldConfigProperty.Links, FieldConfigProperty.NoValue, FieldConfigProperty.Filterable],
  });
