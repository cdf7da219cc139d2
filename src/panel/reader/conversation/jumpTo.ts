import { MARKED, turnId } from './turnTitle';

/** Brings a turn into view, marks it and puts the focus there; false where it is not drawn. */
export function jumpTo(turn: number, isAtOnce = false): boolean {
  const element = document.getElementById(turnId(turn));
  const isCalm = isAtOnce || window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  for (const before of document.querySelectorAll(`[${MARKED}]`)) {
    before.removeAttribute(MARKED);
  }
  element?.setAttribute(MARKED, '');
  element?.scrollIntoView({ block: 'start', behavior: isCalm ? 'auto' : 'smooth' });
  element?.focus({ preventScroll: true });
  return element !== null;
}
