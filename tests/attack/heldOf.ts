import { readFileSync } from 'node:fs';

/** As `/proc/net/tcp` has it. */
const ESTABLISHED = '01';

/**
 * Of these ports, those whose connection the store at `url` still holds: a client that reads nothing is not told of its
 * end. Linux only, as `/proc` is.
 */
export function heldOf(url: string, ports: readonly number[]): number[] {
  const hex = (port: number) => port.toString(16).toUpperCase().padStart(4, '0');
  const own = `:${hex(Number(new URL(url).port))}`;
  const held = readFileSync('/proc/net/tcp', 'latin1')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => local?.endsWith(own) && state === ESTABLISHED)
    .map(([, , remote]) => remote?.split(':')[1]);
  return ports.filter((port) => held.includes(hex(port)));
}
