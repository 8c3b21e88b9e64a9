/** The claims of a demonstration: each is shown with its outcome, and one that is not so fails the whole. */
export class Claims {
  #held = 0;
  #broken = 0;

  heading(text: string): void {
    console.log(`\n=== ${text}\n`);
  }

  claim(text: string, holds: boolean): void {
    if (holds) this.#held++;
    else this.#broken++;
    console.log(`  ${holds ? '[ok]    ' : '[NOT SO]'} ${text}`);
  }

  summary(): string {
    return `${this.#held} passed, ${this.#broken} failed`;
  }

  get exitStatus(): number {
    return this.#broken === 0 && this.#held > 0 ? 0 : 1;
  }
}
