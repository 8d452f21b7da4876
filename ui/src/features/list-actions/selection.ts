/** Which scenes are selected in a list of Stash's: it tells each card whether it is, and the menu only that some are. */

export class Selection {
  readonly #ids = new Set<number>();
  #cards = 0;

  /** A card is being rendered; `selected` is undefined outside of lists that can be selected from. */
  see(id: number, selected: boolean | undefined): void {
    if (selected === true) this.#ids.add(id);
    else if (selected === false) this.#ids.delete(id);
  }

  /** The list says that nothing is selected. */
  clear(): void {
    this.#ids.clear();
  }

  /** A card is on the page. Returns what ends that. */
  show(): () => void {
    this.#cards += 1;
    return () => {
      this.#cards -= 1;
    };
  }

  /** What is known to be selected. None while no cards are shown: other views of a list do not tell. */
  get ids(): number[] {
    return this.#cards > 0 ? [...this.#ids].sort((a, b) => a - b) : [];
  }

  /** Whether cards are shown, so that what is selected is known. */
  get known(): boolean {
    return this.#cards > 0;
  }
}
