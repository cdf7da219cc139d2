import { AppEvents } from '@grafana/data';
import { Alert } from '@grafana/ui';
import { useEffect, useState } from 'react';
import { appEvents } from './services';

const KINDS = [
  [AppEvents.alertSuccess, 'success'],
  [AppEvents.alertInfo, 'info'],
  [AppEvents.alertWarning, 'warning'],
  [AppEvents.alertError, 'error'],
] as const;

interface Toast {
  id: number;
  severity: (typeof KINDS)[number][1];
  text: string[];
}

let nextId = 1;

/** The messages that plugins send to Grafana's notification area. */
export function Toasts() {
  const [toasts, setToasts] = useState<Toast[]>([]);
  useEffect(() => {
    const subscriptions = KINDS.map(([event, severity]) =>
      appEvents.on(event, (payload?: unknown) => {
        const toast = { id: nextId++, severity, text: [payload].flat().map(String) };
        setToasts((known) => [...known, toast]);
        setTimeout(() => setToasts((known) => known.filter(({ id }) => id !== toast.id)), 5_000);
      }),
    );
    return () => {
      for (const subscription of subscriptions) {
        (subscription as unknown as { unsubscribe?: () => void })?.unsubscribe?.();
      }
    };
  }, []);
  return (
    <div role="status" style={{ position: 'fixed', top: 56, right: 16, width: 360, zIndex: 2000 }}>
      {toasts.map(({ id, severity, text }) => (
        <Alert key={id} severity={severity} title={text[0] ?? ''} elevated>
          {text[1]}
        </Alert>
      ))}
    </div>
  );
}
