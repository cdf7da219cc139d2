import { getDataSourceSrv } from '@grafana/runtime';
import { isRowSource, type RowSource } from '@rolloscope/contract/frames';
import { useEffect, useState } from 'react';

/** The data source instance that can page a frame: null where none answers, undefined while it is looked for. */
export function useRowSource(uid: string | undefined): RowSource | null | undefined {
  const [found, setFound] = useState<{ uid: string; source: RowSource | null }>();
  useEffect(() => {
    if (uid === undefined) {
      return undefined;
    }
    let isWanted = true;
    const settle = (source: RowSource | null) => isWanted && setFound({ uid, source });
    // In a snapshot or a viewer's session the instance may not exist; the frame's own rows do then.
    Promise.resolve()
      .then(() => getDataSourceSrv().get({ uid }))
      .then(
        (instance) => settle(isRowSource(instance) ? instance : null),
        () => settle(null),
      );
    return () => {
      isWanted = false;
    };
  }, [uid]);
  if (uid === undefined) {
    return null;
  }
  return found?.uid === uid ? found.source : undefined;
}
