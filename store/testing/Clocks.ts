/** The two clocks of a store, in milliseconds, moved by hand: what the machine's says, which may jump, and the steady one. */
export class Clocks {
  passed: number;

  constructor(public wall: number = Date.now()) {
    this.passed = wall;
  }

  readonly now = () => this.wall;
  readonly steady = () => this.passed;

  /** Both go on. */
  wait(milliseconds: number): void {
    this.wall += milliseconds;
    this.passed += milliseconds;
  }
}
