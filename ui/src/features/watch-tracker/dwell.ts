/** For how long a page was really in sight. */
export class Dwell {
  #seen_ms = 0;
  #since_ms: number | undefined;
  #timer: number | undefined;
  readonly #enough_ms: number;
  #onEnough: (() => void) | undefined;

  /** onEnough: called once, when it was in sight for enough_ms. */
  constructor(enough_ms: number, onEnough: () => void) {
    this.#enough_ms = enough_ms;
    this.#onEnough = onEnough;
    this.look();
  }

  get seconds(): number {
    return (this.#seen_ms + (this.#since_ms === undefined ? 0 : performance.now() - this.#since_ms)) / 1000;
  }

  /** The page may have become visible, or hidden. */
  look(): void {
    const isVisible = document.visibilityState === "visible";
    window.clearTimeout(this.#timer);
    if (!isVisible) {
      this.#rest();
      return;
    }
    this.#since_ms ??= performance.now();
    if (!this.#onEnough) return;
    this.#timer = window.setTimeout(
      () => {
        const enough = this.#onEnough;
        this.#onEnough = undefined;
        enough?.();
      },
      this.#enough_ms - this.seconds * 1000,
    );
  }

  end(): void {
    window.clearTimeout(this.#timer);
    this.#onEnough = undefined;
    this.#rest();
  }

  #rest(): void {
    this.#seen_ms = this.seconds * 1000;
    this.#since_ms = undefined;
  }
}
