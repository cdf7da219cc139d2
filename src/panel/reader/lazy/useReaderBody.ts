import { type RefCallback, type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { Nearby } from './Nearby';

interface ReaderBody {
  /** The element that scrolls. */
  body: RefObject<HTMLDivElement | null>;
  /** The `ref` of that element. */
  setBody: RefCallback<HTMLDivElement>;
  /** The watch over what is near to what shows of it; undefined until the element is there. */
  nearby: Nearby | undefined;
}

/** The part of the reader that scrolls. `onElement` is told of its element as soon as it is there, and of null after. */
export function useReaderBody(onElement: (element: HTMLElement | null) => void): ReaderBody {
  const body = useRef<HTMLDivElement | null>(null);
  const [nearby, setNearby] = useState<Nearby>();
  const setBody = useCallback(
    (element: HTMLDivElement | null) => {
      body.current = element;
      onElement(element);
      if (element) {
        setNearby(new Nearby(element));
      }
    },
    [onElement],
  );
  useEffect(() => () => nearby?.dispose(), [nearby]);
  return { body, setBody, nearby };
}
