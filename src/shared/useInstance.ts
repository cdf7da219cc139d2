import { getDataSourceSrv } from '@grafana/runtime';
import { useEffect, useState } from 'react';

/**
 * The data source instance that knows more of a frame, by the uid that the frame carries: null where none answers, or where
 * there is no uid; undefined while it is looked for. `is` stays the same function.
 */
export function useInstance<T extends object>(
  uid: string | undefined,
  is: (instance: object) => instance is T,
): T | null | undefined {
  const [found, setFound] = useState<{ uid: string; instance: T | null }>();
  useEffect(() => {
    if (uid === undefined) {
      return undefined;
    }
    let isWanted = true;
    const settle = (instance: T | null) => isWanted && setFound({ uid, instance });
    // In a snapshot or a viewer's session the instance may not exist.
    Promise.resolve()
      .then(() => getDataSourceSrv().get({ uid }))
      .then(
        (instance) => settle(is(instance) ? instance : null),
        () => settle(null),
      );
    return () => {
      isWanted = false;
    };
  }, [uid, is]);
  if (uid === undefined) {
    return null;
  }
  return found?.uid === uid ? found.instance : undefined;
}
