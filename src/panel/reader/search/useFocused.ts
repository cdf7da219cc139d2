import { useEffect, useState } from 'react';

/**
 * A ref of an element that takes the focus once it is in the page. Grafana 12.4 puts the content of a portal there only
 * after refs are set, when an element that is focused then has lost the focus again.
 */
export function useFocused(): (element: HTMLElement | null) => void {
  const [element, setElement] = useState<HTMLElement | null>(null);
  useEffect(() => element?.focus({ preventScroll: true }), [element]);
  return setElement;
}
