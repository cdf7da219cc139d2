import { EventBusSrv } from '@grafana/data';
import * as runtime from '@grafana/runtime';
import { type SceneObject, sceneGraph } from '@grafana/scenes';
import { activeScene } from './activeScene';
import { backendSrv } from './backendSrv';
import { SnapshotVariable } from './dashboard';
import { dataSourceSrv } from './dataSources';
import { cachedPanel, importPanel } from './plugins';
import { fillRegistries } from './registries';
import { runRequest } from './runRequest';

export const appEvents = new EventBusSrv();

/** Everything that Grafana puts in place before a plugin loads. */
export function installServices(): void {
  fillRegistries();
  runtime.setBackendSrv(backendSrv);
  runtime.setDataSourceSrv(dataSourceSrv);
  runtime.setRunRequest(runRequest as Parameters<typeof runtime.setRunRequest>[0]);
  runtime.setAppEvents(appEvents);
  runtime.setPluginImportUtils({ importPanelPlugin: importPanel, getPanelPluginFromCache: cachedPanel });
  runtime.setTemplateSrv({
    getVariables: () => {
      const scene = activeScene();
      const variables = scene ? sceneGraph.getVariables(scene).state.variables : [];
      if (variables.some((variable) => variable instanceof SnapshotVariable)) {
        // Grafana 12.4 fails here, too.
        throw new Error('Unsupported variable type');
      }
      return variables.map(({ state }) => ({
        ...state,
        current: { value: 'value' in state ? state.value : undefined },
      })) as never;
    },
    replace: (target = '', scopedVars, format) => {
      // The one who asks may have variables of its own: a repeated panel.
      const asking = scopedVars?.__sceneObject?.value?.valueOf() as SceneObject | undefined;
      const scene = asking ?? activeScene();
      return scene ? sceneGraph.interpolate(scene, target, scopedVars, format as never) : target;
    },
    containsTemplate: (target = '') => /\$\{?\w+|\[\[/.test(target),
    updateTimeRange: () => {},
  });
  runtime.setLocationSrv({
    update: ({ query, partial, replace }) => {
      if (partial) {
        runtime.locationService.partial(query ?? {}, replace);
      }
    },
  });
  runtime.setCurrentUser(runtime.config.bootData.user);
  runtime.setEchoSrv({ flush() {}, addBackend() {}, addEvent() {} } as never);
  runtime.setReturnToPreviousHook(() => () => {});
  runtime.setPluginLinksHook((() => ({ links: [], isLoading: false })) as never);
  runtime.setPluginComponentsHook((() => ({ components: [], isLoading: false })) as never);
  runtime.setPluginComponentHook((() => ({ component: null, isLoading: false })) as never);
  runtime.setPluginFunctionsHook?.((() => ({ functions: [], isLoading: false })) as never);
  runtime.setChromeHeaderHeightHook?.(() => 0);
}
