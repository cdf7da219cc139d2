/** Bits an id, and how many of them it sets: a hundred-thousandth of unknown ids pass for known ones. */
const BITS = 24;
const PROBES = 12;

const SMALLEST = 4_096;
const LARGEST = 262_144;

/** Ids of the next filter beside others, where nobody knows beforehand how many ids there will be. */
export const pageCapacity = (pages: number): number => Math.min(LARGEST, SMALLEST * 4 ** pages);

/**
 * A Bloom filter: a set of ids in three bytes each, which may take an unknown one for known, never the other way round.
 * Written by hand, since the kept library (`bloom-filters`) hashes twenty-five times slower, millions of ids are read at
 * a start, and it brings seven megabytes of packages.
 */
export class BloomFilter {
  private readonly bits: Uint32Array;
  private count = 0;

  constructor(private readonly capacity: number) {
    this.bits = new Uint32Array((capacity * BITS) / 32);
  }

  get bytes(): number {
    return this.bits.byteLength;
  }

  get isFull(): boolean {
    return this.count >= this.capacity;
  }

  add(id: string): void {
    this.count++;
    const [first, second] = hashesOf(id);
    for (let i = 0; i < PROBES; i++) {
      const bit = this.place(first, second, i);
      this.bits[bit >>> 5] = (this.bits[bit >>> 5] ?? 0) | (1 << (bit & 31));
    }
  }

  mayHave(id: string): boolean {
    const [first, second] = hashesOf(id);
    for (let i = 0; i < PROBES; i++) {
      const bit = this.place(first, second, i);
      if (((this.bits[bit >>> 5] ?? 0) & (1 << (bit & 31))) === 0) {
        return false;
      }
    }
    return true;
  }

  private place(first: number, second: number, probe: number): number {
    return (first + probe * second) % (this.capacity * BITS);
  }
}

/**
 * Returns two hashes of 32 bits. Millions of ids are read in the second after a start, and a digest would take seconds;
 * whoever makes ids that meet costs nobody more than a look-up.
 */
function hashesOf(id: string): [first: number, second: number] {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (let i = 0; i < id.length; i++) {
    const unit = id.charCodeAt(i);
    a = Math.imul(a ^ unit, 2_654_435_761);
    b = Math.imul(b ^ unit, 1_597_334_677);
  }
  a = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909);
  b = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(a ^ (a >>> 13), 3_266_489_909);
  return [a >>> 0, b >>> 0];
}
