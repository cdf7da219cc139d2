import { getFieldDisplayName, type PanelProps } from '@grafana/data';
import { Nothing } from './Nothing';

/** A plain table of the first frame, with links; enough to see what a table would hold. */
export function TablePanel({ data, width, height, fieldConfig }: PanelProps) {
  const [frame] = data.series;
  const fields =
    frame?.fields.filter(({ config }) => config.custom?.hidden !== true && config.custom?.hideFrom?.viz !== true) ?? [];
  return data.series.every((one) => one.fields.length === 0) ? (
    <Nothing fieldConfig={fieldConfig} />
  ) : (
    <div style={{ width, height, overflow: 'auto' }}>
      <table style={{ width: '100%', borderCollapse: 'collapse' }}>
        <thead>
          <tr>
            {fields.map((field) => (
              <th key={field.name} style={{ textAlign: 'left', padding: 6 }}>
                {getFieldDisplayName(field, frame)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: Math.min(frame?.length ?? 0, 500) }, (_, row) => row).map((row) => (
            <tr key={row}>
              {fields.map((field) => {
                const display = field.display?.(field.values[row]);
                const text = display
                  ? `${display.prefix ?? ''}${display.text}${display.suffix ?? ''}`
                  : String(field.values[row] ?? '');
                const [link] = field.getLinks?.({ valueRowIndex: row }) ?? [];
                return (
                  <td
                    key={field.name}
                    style={{
                      padding: 6,
                      maxWidth: 400,
                      overflow: 'hidden',
                      textOverflow: 'ellipsis',
                      whiteSpace: 'nowrap',
                    }}
                  >
                    {link ? (
                      <a href={link.href} style={{ textDecoration: 'underline' }}>
                        {text}
                      </a>
                    ) : (
                      text
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
