/**
 * Where a row goes away under who works by keys, the focus goes to the one behind it, or before it: to the first of what
 * `selector` finds there. Nothing where it was clicked.
 */
export function focusNext(row: Element | null, selector: string, clicks: number): void {
  if (clicks > 0) return;
  const next = row?.nextElementSibling ?? row?.previousElementSibling;
  next?.querySelector<HTMLElement>(selector)?.focus();
}
