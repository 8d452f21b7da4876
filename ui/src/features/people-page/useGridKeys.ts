import { type KeyboardEvent, type RefObject, useCallback, useRef } from "react";

const topOf = (card: HTMLElement | undefined) => card?.getBoundingClientRect().top;

/**
 * Arrow keys go from card to card; the other keys act on the card that has the focus, by its data-id. A key that is meant
 * for something within a card is left to that.
 */
export function useGridKeys(
  grid: RefObject<HTMLElement>,
  acts: Record<string, (id: string) => unknown>,
): (event: KeyboardEvent) => void {
  const latest = useRef(acts);
  latest.current = acts;
  return useCallback(
    (event) => {
      const card = event.target instanceof HTMLElement && event.target.matches("[data-id]") ? event.target : undefined;
      if (!card || !grid.current || event.altKey || event.ctrlKey || event.metaKey) return;
      const cards = [...grid.current.querySelectorAll<HTMLElement>("[data-id]")];
      const columns = cards.filter((one) => topOf(one) === topOf(cards[0])).length;
      const steps: Record<string, number> = {
        ArrowRight: 1,
        ArrowLeft: -1,
        ArrowDown: columns,
        ArrowUp: -columns,
        Home: -cards.length,
        End: cards.length,
      };
      const step = steps[event.key];
      const act = latest.current[event.key];
      if (step !== undefined) {
        cards[Math.min(Math.max(cards.indexOf(card) + step, 0), cards.length - 1)]?.focus();
      } else if (act) act(card.dataset.id ?? "");
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    [grid],
  );
}
