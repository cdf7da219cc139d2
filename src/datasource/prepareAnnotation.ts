import type { AnnotationQuery } from '@grafana/data';
import { DEFAULT_ANNOTATION, type StoreQuery } from './query';

/**
 * Gives a new annotation its query: it has none yet, of which Grafana would run nothing, or one with a `refId` alone, which
 * by itself would ask for metrics. One that is whole is returned as it is, the same object: Grafana saves any other.
 */
export function prepareAnnotation(saved: AnnotationQuery<StoreQuery>): AnnotationQuery<StoreQuery> {
  // Grafana's own type says that a query is whole.
  const target: Partial<StoreQuery> | undefined = saved.target;
  return target?.queryType ? saved : { ...saved, target: { refId: 'annotation', ...target, ...DEFAULT_ANNOTATION } };
}
