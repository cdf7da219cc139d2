import type { CsvDialect } from './csvDialect';

const QUOTE = 0x22;

/** A part of a CSV file that moves over it, as text of one character a byte. */
export class CsvWindow {
  text = '';
  /** True once the file ends where the text does. */
  isEnd = false;

  constructor(private readonly chunks: AsyncGenerator<Buffer>) {}

  /** Has at least so many bytes, or all that is left. */
  async grow(bytes: number): Promise<void> {
    const parts = [this.text];
    let length = this.text.length;
    while (length < bytes && !this.isEnd) {
      const { value, done } = await this.chunks.next();
      this.isEnd = done === true;
      if (value) {
        length += value.length;
        parts.push(value.toString('latin1'));
      }
    }
    this.text = parts.join('');
  }

  drop(bytes: number): void {
    this.text = this.text.slice(bytes);
  }

  async close(): Promise<void> {
    await this.chunks.return(undefined);
  }

  /**
   * Passes over a record that is too long to be held, and gives its bytes and lines; `isOpen` where it does not end.
   * Without `quotes`, it passes over a line.
   */
  async passRecord(
    { delimiter, newline, hasBackslashes }: CsvDialect,
    quotes: boolean,
  ): Promise<{ bytes: number; lines: number; isOpen: boolean }> {
    const [cut, end] = [delimiter.charCodeAt(0), newline.charCodeAt(0)];
    let [bytes, lines] = [0, 0];
    let [isQuoted, isStart] = [false, quotes];
    for (;;) {
      const { text } = this;
      // A quote is read with what follows it.
      const upTo = this.isEnd ? text.length : text.length - 1;
      let i = 0;
      for (; i < upTo; i++) {
        const code = text.charCodeAt(i);
        lines += code === end ? 1 : 0;
        if (isQuoted && code === QUOTE) {
          const next = text.charCodeAt(i + 1);
          i += next === QUOTE ? 1 : 0;
          isQuoted = next === QUOTE || (next !== cut && next !== end && next !== 0x0d && !Number.isNaN(next));
        } else if (isQuoted) {
          i += hasBackslashes && code === 0x5c ? 1 : 0;
        } else if (code === end) {
          this.drop(i + 1);
          return { bytes: bytes + i + 1, lines, isOpen: false };
        } else {
          isQuoted = isStart && code === QUOTE;
          isStart = quotes && code === cut;
        }
      }
      bytes += i;
      this.drop(i);
      if (this.isEnd) {
        return { bytes, lines, isOpen: isQuoted };
      }
      await this.grow(1024 * 1024);
    }
  }
}
