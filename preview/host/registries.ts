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
  ThresholdsMode,
  type TransformerRegistryItem,
  thresholdsOverrideProcessor,
  unitOverrideProcessor,
  valueMappingsOverrideProcessor,
} from '@grafana/data';
import { optionEditors } from './optionEditors';

const NoEditor = () => null;

/** Grafana's own thresholds where nobody has set any. */
const GREEN_TO_RED = {
  mode: ThresholdsMode.Absolute,
  steps: [
    { value: Number.NEGATIVE_INFINITY, color: 'green' },
    { value: 80, color: 'red' },
  ],
};

type Process = FieldConfigPropertyItem['process'];

const standardFields: Array<[id: string, process: Process, defaultValue?: unknown]> = [
  ['unit', unitOverrideProcessor as Process],
  ['min', numberOverrideProcessor as Process],
  ['max', numberOverrideProcessor as Process],
  ['decimals', numberOverrideProcessor as Process],
  ['displayName', stringOverrideProcessor as Process],
  ['noValue', stringOverrideProcessor as Process],
  ['fieldMinMax', identityOverrideProcessor as Process, false],
  ['thresholds', thresholdsOverrideProcessor as Process, GREEN_TO_RED],
  ['mappings', valueMappingsOverrideProcessor as Process, []],
  ['links', dataLinksOverrideProcessor as Process],
  ['color', identityOverrideProcessor as Process],
  ['filterable', identityOverrideProcessor as Process],
];

/** Fills the registries without which units, colours, thresholds, overrides and transformations would silently drop. */
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
  standardEditorsRegistry.setInit(() =>
    Object.entries(optionEditors).map(
      ([id, editor]) => ({ id, name: id, editor }) as unknown as StandardEditorsRegistryItem,
    ),
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
