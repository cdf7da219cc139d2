import { locationService } from '@grafana/runtime';
import { type Dispatch, useEffect, useReducer, useRef } from 'react';
import { changeView, type ViewAction, type ViewState } from '../../table/ViewState';
import { readView, writeView } from '../../table/viewText';

/** A burst of changes, such as `j` held down, becomes one change of the address, in milliseconds. */
const SETTLE = 120;

/** The parameter of the address that holds the view of a panel; `copy` tells the copies of a repeated one apart. */
export const viewParam = (panelId: number, copy = '') => `rollouts-${panelId}${copy === '' ? '' : `-${copy}`}`;

/** In Explore a panel has no id of its own, and the address is Explore's. */
const isAddressed = () => !/^\/explore(\/|$)/.test(locationService.getLocation().pathname);

function addressText(name: string): string {
  const value: unknown = isAddressed() ? locationService.getSearchObject()[name] : undefined;
  return typeof value === 'string' ? value : '';
}

/**
 * Keeps what the viewer of a panel has changed. It lives in the address, in the parameter `name`, so that a link shows
 * what I saw; replaced, never pushed, so that Back still leaves the dashboard. In Explore it lives in memory.
 */
export function useViewState(name: string): [ViewState, Dispatch<ViewAction>] {
  const [view, dispatch] = useReducer(changeView, name, (param) => readView(addressText(param)));
  const text = writeView(view);
  /** The last text that the address and the view agreed on. */
  const agreed = useRef(text);
  const of = useRef(name);

  useEffect(() => {
    if (text === agreed.current || !isAddressed()) {
      return undefined;
    }
    const timer = setTimeout(() => {
      agreed.current = text;
      locationService.partial({ [name]: text === '' ? null : text }, true);
    }, SETTLE);
    return () => clearTimeout(timer);
  }, [text, name]);

  useEffect(() => {
    const read = () => {
      const next = addressText(name);
      if (isAddressed() && next !== agreed.current) {
        agreed.current = next;
        dispatch({ type: 'restore', view: readView(next) });
      }
    };
    // Grafana may make one copy of a repeated panel out of another.
    if (of.current !== name) {
      of.current = name;
      read();
    }
    // A link, or the browser's own Back.
    return locationService.getHistory().listen(read);
  }, [name]);

  return [view, dispatch];
}
