import type { PluginPageProps } from '@grafana/runtime';

/** The visible part of the frame that Grafana puts around a plugin's page. */
export function PluginPage({ children, subTitle, pageNav }: PluginPageProps) {
  return (
    <main style={{ padding: 16 }}>
      <h1>{pageNav?.text ?? 'Rolloscope'}</h1>
      {subTitle && <div>{subTitle}</div>}
      <div style={{ marginTop: 16 }}>{children}</div>
    </main>
  );
}
