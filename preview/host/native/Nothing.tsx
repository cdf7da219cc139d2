import type { PanelProps } from '@grafana/data';

const centred = { display: 'flex', height: '100%', alignItems: 'center', justifyContent: 'center', opacity: 0.7 };

/** Where there is nothing to draw, Grafana says what the panel's options have for that. */
export function Nothing({ fieldConfig }: Pick<PanelProps, 'fieldConfig'>) {
  return <div style={{ ...centred, textAlign: 'center' }}>{fieldConfig.defaults.noValue ?? 'No data'}</div>;
}
