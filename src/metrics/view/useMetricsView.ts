import { locationService } from '@grafana/runtime';
import { useCallback, useEffect, useRef, useState } from 'react';
import { type MetricsView, readView, writeView } from '../data/MetricsView';

/** A burst of changes, such as a slider that is dragged, becomes one change of the address, in milliseconds. */
const SETTLE = 150;

/** In Explore a panel has no id of its own, and the address is Explore's. */
const isAddressed = () => !/^\/explore(\/|$)/.test(locationService.getLocation().pathname);

function addressText(name: string): string {
  const value: unknown = isAddressed() ? locationService.getSearchObject()[name] : undefined;
  return typeof value === 'string' ? value : '';
}

/** This page with another view of the panel called `name`. */
export function addressOf(name: string, view: MetricsView): string {
  const { pathname, search } = locationService.getLocation();
  const params = new URLSearchParams(search);
  const text = writeView(view);
  if (text === '') {
    params.delete(name);
  } else {
    params.set(name, text);
  }
  const query = params.toString();
  return query === '' ? pathname : `${pathname}?${query}`;
}

/**
 * Keeps what the viewer of a panel has changed in the parameter `name` of the address, so that a link shows what I saw.
 * It is replaced; only a chart that is opened alone is a place of its own, which Back leaves.
 */
export function useMetricsView(name: string): [MetricsView, (change: Partial<MetricsView>) => void] {
  const [view, setView] = useState(() => readView(addressText(name)));
  const text = writeView(view);
  /** The last that the address and the view agreed on. */
  const agreed = useRef(view);
  useEffect(() => {
    if (text === writeView(agreed.current) || !isAddressed()) {
      return undefined;
    }
    const timer = setTimeout(
      () => {
        const isPlace = view.only !== agreed.current.only;
        agreed.current = view;
        locationService.partial({ [name]: text === '' ? null : text }, !isPlace);
      },
      view.only === agreed.current.only ? SETTLE : 0,
    );
    return () => clearTimeout(timer);
  }, [text, view, name]);
  useEffect(
    () =>
      locationService.getHistory().listen(() => {
        const next = addressText(name);
        if (isAddressed() && next !== writeView(agreed.current)) {
          agreed.current = readView(next);
          setView(agreed.current);
        }
      }),
    [name],
  );
  const change = useCallback((part: Partial<MetricsView>) => setView((before) => ({ ...before, ...part })), []);
  return [view, change];
}
