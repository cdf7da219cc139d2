import type { EngineReads } from '../engine/EngineReads';
import { StoreError } from '../StoreError';

/** A commit position on the wire: of this store only, and opaque. */
export function writeAsOf(engine: EngineReads, position: number): string {
  return `${engine.storeId}.${position.toString(36)}`;
}

export function readAsOf(engine: EngineReads & { position: number }, text: string): number {
  const [store, digits = ''] = text.split('.');
  const position = /^[0-9a-z]{1,11}$/.test(digits) ? Number.parseInt(digits, 36) : Number.NaN;
  if (store !== engine.storeId || !Number.isSafeInteger(position) || position > engine.position) {
    throw new StoreError('invalid_as_of', `${JSON.stringify(text)} is not a position that this store gave out.`);
  }
  return position;
}
