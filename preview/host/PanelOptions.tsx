import { type DataFrame, getPanelOptionsWithDefaults, PanelOptionsEditorBuilder } from '@grafana/data';
import { sceneGraph, type VizPanel } from '@grafana/scenes';
import { get, set } from 'lodash';

/** The options that a panel offers, as a plain list: each change takes effect at once. */
export function PanelOptions({ panel }: { panel: VizPanel }) {
  const { options } = panel.useState();
  const { data } = sceneGraph.getData(panel).useState();
  const plugin = panel.getPlugin();
  if (!plugin) {
    return null;
  }
  const frames: DataFrame[] = data?.series ?? [];
  const context = { data: frames, options };
  const { options: shown } = getPanelOptionsWithDefaults({
    plugin,
    currentOptions: options,
    currentFieldConfig: { defaults: {}, overrides: [] },
    isAfterPluginChange: false,
  });
  const builder = new PanelOptionsEditorBuilder();
  plugin.getPanelOptionsSupplier()(builder, context);
  const change = (path: string, value: unknown) =>
    panel.onOptionsChange(set(structuredClone(shown), path, value), true);
  return (
    <section aria-label="Panel options" style={{ padding: 16, maxWidth: 480 }}>
      {builder
        .getItems()
        .filter((item) => item.showIf?.(shown, frames, undefined) ?? true)
        .map((item) => (
          <div key={item.id} data-option={item.path} style={{ marginBottom: 12 }}>
            <div>
              {item.category?.join(' / ')} {item.category ? '›' : ''} <strong>{item.name}</strong>
            </div>
            {item.description && <small>{item.description}</small>}
            <item.editor
              id={item.id}
              value={get(shown, item.path)}
              item={item}
              context={context}
              onChange={(value) => change(item.path, value)}
            />
          </div>
        ))}
    </section>
  );
}
