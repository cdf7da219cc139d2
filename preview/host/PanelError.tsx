import type { PanelDataErrorViewProps } from '@grafana/runtime';

/** The message that Grafana shows where a panel finds nothing that it could draw. */
export function PanelError({ message, data }: PanelDataErrorViewProps) {
  const text = message ?? (data.series.length === 0 ? 'No data' : 'The data has no fields that this panel can draw');
  return (
    <div style={{ display: 'flex', height: '100%', alignItems: 'center', justifyContent: 'center', opacity: 0.7 }}>
      {text}
    </div>
  );
}
