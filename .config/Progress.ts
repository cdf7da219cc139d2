import type { Reporter, TestModule, TestSpecification } from 'vitest/node';

const EVERY_MS = 60_000;

/** Says once a minute how many of the test files are done, for who waits, and for the log of a CI machine. */
export class Progress implements Reporter {
  private files = 0;
  private done = 0;
  private failed = 0;
  private begin = 0;
  private said = 0;

  onTestRunStart(specifications: ReadonlyArray<TestSpecification>): void {
    this.files = specifications.length;
    this.begin = performance.now();
    this.said = this.begin;
  }

  onTestModuleEnd(module: TestModule): void {
    this.done++;
    this.failed += module.ok() ? 0 : 1;
    const now = performance.now();
    if (now - this.said >= EVERY_MS) {
      this.said = now;
      const minutes = Math.round((now - this.begin) / 60_000);
      console.log(`… ${this.done} of ${this.files} files after ${minutes} min, ${this.failed} of them failed`);
    }
  }
}
