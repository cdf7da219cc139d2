import { createHash } from 'node:crypto';

/** Bits an id, and how many of them it sets: a hundred-thousandth of unknown ids pass for known ones. */
const BITS = 24;
const PROBES = 12;

/** A set of ids in three bytes each, which may take an unknown one for known, never the other way round. */
export class IdFilter {
  private readonly bits: Uint32Array;
  private count = 0;

  constructor(private readonly capacity: number) {
    this.bits = new Uint32Array((capacity * BITS) / 32);
  }

  get isFull(): boolean {
    return this.count >= this.capacity;
  }

  add(id: string): void {
    this.count++;
    for (const bit of this.places(id)) {
      this.bits[bit >>> 5] = (this.bits[bit >>> 5] ?? 0) | (1 << (bit & 31));
    }
  }

  mayHave(id: string): boolean {
    return this.places(id).every((bit) => ((this.bits[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0);
  }

  private places(id: string): number[] {
    const digest = createHash('md5').update(id).digest();
    const [first, second] = [digest.readUInt32LE(0), digest.readUInt32LE(4)];
    return Array.from({ length: PROBES }, (_, i) => (first + i * second) % (this.capacity * BITS));
  }
}
