import { DataHoverClearEvent, DataHoverEvent, type EventBus } from '@grafana/data';
import { useCallback, useEffect, useState } from 'react';

export interface Crosshair {
  /** The shared crosshair's moment, set by another panel, in epoch milliseconds; undefined where it stands nowhere. */
  moment: number | undefined;
  /** Moves the crosshair of the other panels; nothing where the time is none. */
  point: (time: unknown) => void;
  clear: () => void;
}

/** The dashboard's shared crosshair. In Explore there is no bus, and no crosshair. */
export function useCrosshair(eventBus: EventBus | undefined): Crosshair {
  const [moment, setMoment] = useState<number>();
  useEffect(() => {
    if (!eventBus) {
      return undefined;
    }
    const hovers = eventBus.getStream(DataHoverEvent).subscribe((event) => {
      // Senders reuse their payload, so it is read at once; what this panel sent itself comes back to it.
      const time: unknown = event.payload.point?.time;
      if (event.origin !== eventBus) {
        setMoment(typeof time === 'number' && Number.isFinite(time) ? time : undefined);
      }
    });
    const clears = eventBus.getStream(DataHoverClearEvent).subscribe((event) => {
      if (event.origin !== eventBus) {
        setMoment(undefined);
      }
    });
    return () => {
      hovers.unsubscribe();
      clears.unsubscribe();
    };
  }, [eventBus]);
  const point = useCallback(
    (time: unknown) => {
      if (typeof time === 'number' && Number.isFinite(time)) {
        eventBus?.publish(new DataHoverEvent({ point: { time } }));
      }
    },
    [eventBus],
  );
  const clear = useCallback(() => eventBus?.publish(new DataHoverClearEvent()), [eventBus]);
  return { moment, point, clear };
}
