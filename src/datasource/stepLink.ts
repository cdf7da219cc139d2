import type { DataLink } from '@grafana/data';
import { locationService, type TemplateSrv } from '@grafana/runtime';

/**
 * The one link of a point: the rollouts of its run and step, in the same dashboard. It sets the variables `step` and
 * `run` where the dashboard has them, by click, so that nothing else of its state changes.
 */
export function stepLink(templates: () => TemplateSrv): DataLink {
  return {
    title: 'Rollouts of this step',
    url: '',
    onClick: ({ origin }) => {
      const { field, rowIndex, dataRef } = origin ?? {};
      const frame = origin?.frame ?? dataRef?.frame;
      const steps = frame?.fields?.find((one: { name: string }) => one.name.toLowerCase() === 'step');
      const step = steps?.values?.[rowIndex ?? origin?.index ?? -1];
      const run = field?.labels?.run;
      const names = new Set(
        templates()
          .getVariables()
          .map(({ name }) => name),
      );
      locationService.partial(
        {
          ...(names.has('step') && step !== undefined && { 'var-step': String(step) }),
          ...(names.has('run') && run && { 'var-run': run }),
        },
        false,
      );
    },
  };
}
