import type { PanelProps } from '@grafana/data';

const centred = { display: 'flex', height: '100%', alignItems: 'center', justifyContent: 'center', opacity: 0.7 };

interface Props extends Pick<PanelProps, 'fieldConfig'> {
  why?: string;
}

/** Where there is nothing to draw, Grafana says why, or what the panel's options have for that. */
export function Nothing({ fieldConfig, why }: Props) {
  return <div style={{ ...centred, textAlign: 'center' }}>{why ?? fieldConfig.defaults.noValue ?? 'No data'}</div>;
}
