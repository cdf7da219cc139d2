/** Bytes that come in chunks, taken piece by piece. Only what a piece needs is held. */
export class ByteWindow {
  private readonly chunks: AsyncIterator<Buffer>;
  private held: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.chunks = source[Symbol.asyncIterator]();
  }

  /** The next bytes, which stay; undefined when so many do not come. */
  async peek(length: number): Promise<Buffer | undefined> {
    const parts: Buffer[] = [this.held];
    let bytes = this.held.length;
    while (bytes < length) {
      const { done, value } = await this.chunks.next();
      if (done) {
        break;
      }
      parts.push(value);
      bytes += value.length;
    }
    if (parts.length > 1) {
      this.held = Buffer.concat(parts);
    }
    return bytes < length ? undefined : this.held.subarray(0, length);
  }

  /** Passes over bytes that were peeked at. */
  skip(length: number): void {
    this.held = this.held.subarray(length);
  }

  /** Passes over any number of bytes without holding them; false when so many do not come. */
  async pass(length: number): Promise<boolean> {
    let left = length;
    while (left > this.held.length) {
      left -= this.held.length;
      const { done, value } = await this.chunks.next();
      this.held = done ? Buffer.alloc(0) : value;
      if (done) {
        return false;
      }
    }
    this.skip(left);
    return true;
  }

  /** Says whether only zeros follow a place, as far as is known: what is not written yet looks so on a shared disk. */
  isBlankFrom(place: number): boolean {
    return this.held.subarray(place).every((byte) => byte === 0);
  }
}
