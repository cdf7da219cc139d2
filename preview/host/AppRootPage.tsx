import type { AppPlugin, AppRootProps } from '@grafana/data';
import { type ComponentType, useEffect, useState } from 'react';
import { importApp } from './plugins';

/** The page of an app of its own, `/a/<id>`. */
export function AppRootPage({ id }: { id: string }) {
  const [app, setApp] = useState<AppPlugin>();
  const [fault, setFault] = useState<string>();
  useEffect(() => void importApp(id).then(setApp, (error: unknown) => setFault(String(error))), [id]);
  const Root = app?.root as ComponentType<AppRootProps> | undefined;
  if (!app || !Root) {
    return <p>{fault ?? 'Loading…'}</p>;
  }
  return <Root meta={app.meta} basename={`/a/${id}`} path={`/a/${id}`} query={{}} onNavChanged={() => {}} />;
}
