import {
  dataLinksOverrideProcessor,
  type FieldConfigPropertyItem,
  identityOverrideProcessor,
  numberOverrideProcessor,
  type StandardEditorsRegistryItem,
  standardEditorsRegistry,
  standardFieldConfigEditorRegistry,
  standardTransformers,
  standardTransformersRegistry,
  stringOverrideProcessor,
  type TransformerRegistryItem,
  thresholdsOverrideProcessor,
  unitOverrideProcessor,
  valueMappingsOverrideProcessor,
} from '@grafana/data';

const NoEditor = () => null;

type Process = FieldConfigPropertyItem['process'];

const standardFields: Array<[id: string, process: Process, defaultValue?: unknown]> = [
  ['unit', unitOverrideProcessor as Process],
  ['min', numberOverrideProcessor as Process],
  ['max', numberOverrideProcessor as Process],
  ['decimals', numberOverrideProcessor as Process],
  ['displayName', stringOverrideProcessor as Process],
  ['noValue', stringOverrideProcessor as Process],
  ['thresholds', thresholdsOverrideProcessor as Process],
  ['mappings', valueMappingsOverrideProcessor as Process, []],
  ['links', dataLinksOverrideProcessor as Process],
  ['color', identityOverrideProcessor as Process],
  ['filterable', identityOverrideProcessor as Process],
];

/** Without these, units, colours, thresholds, overrides and transformations would be dropped in silence. */
export function fillRegistries(): void {
  standardFieldConfigEditorRegistry.setInit(() =>
    standardFields.map(
      ([id, process, defaultValue]) =>
        ({
          id,
          path: id,
          name: id,
          description: '',
          editor: NoEditor,
          override: NoEditor,
          process,
          shouldApply: () => true,
          ...(defaultValue !== undefined && { defaultValue }),
        }) as unknown as FieldConfigPropertyItem,
    ),
  );
  const editors = [
    'text',
    'number',
    'slider',
    'boolean',
    'radio',
    'select',
    'unit',
    'links',
    'statsPicker',
    'strings',
    'timezone',
    'fieldColor',
    'color',
    'multi-select',
    'field-name',
    'dashboard-uid',
    'mappings',
    'thresholds',
    'actions',
  ];
  standardEditorsRegistry.setInit(() =>
    editors.map((id) => ({ id, name: id, editor: NoEditor }) as unknown as StandardEditorsRegistryItem),
  );
  const seen = new Set<string>();
  standardTransformersRegistry.setInit(() =>
    Object.values(standardTransformers).flatMap((transformation) => {
      if (seen.has(transformation.id)) {
        return [];
      }
      seen.add(transformation.id);
      const item = {
        id: transformation.id,
        name: transformation.name,
        editor: NoEditor,
        transformation: async () => transformation,
        imageDark: '',
        imageLight: '',
      };
      return [item as unknown as TransformerRegistryItem];
    }),
  );
}
