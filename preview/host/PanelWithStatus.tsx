import { LoadingState } from '@grafana/data';
import {
  type SceneComponentProps,
  SceneObjectBase,
  type SceneObjectState,
  sceneGraph,
  type VizPanel,
} from '@grafana/scenes';

interface PanelState extends SceneObjectState {
  panel: VizPanel;
}

/** A panel that says in words what Grafana hides behind a mark in its corner; `data-panel-error` has it for tests. */
export class PanelWithStatus extends SceneObjectBase<PanelState> {
  static Component = ({ model }: SceneComponentProps<PanelWithStatus>) => {
    const { panel } = model.useState();
    const { pluginId, _pluginLoadError, key } = panel.useState();
    const { data } = sceneGraph.getData(panel).useState();
    const { state, error, errors } = data ?? {};
    const message = _pluginLoadError ?? errors?.[0]?.message ?? error?.message;
    const failed = message !== undefined || state === LoadingState.Error;
    // Our own panel shows its errors itself.
    const isShown = failed && !pluginId.startsWith('rolloscope-');
    return (
      <div
        data-panel={key}
        data-panel-plugin={pluginId}
        data-panel-state={state}
        {...(failed && { 'data-panel-error': message ?? 'failed' })}
        style={{ position: 'relative', width: '100%', height: '100%', display: 'flex' }}
      >
        <panel.Component model={panel} />
        {isShown && (
          <div role="alert" style={ALERT}>
            {message}
          </div>
        )}
      </div>
    );
  };
}

const ALERT = {
  position: 'absolute',
  bottom: 2,
  left: 8,
  right: 8,
  fontSize: 12,
  color: '#e0505a',
  overflow: 'hidden',
  textOverflow: 'ellipsis',
  whiteSpace: 'nowrap',
} as const;
