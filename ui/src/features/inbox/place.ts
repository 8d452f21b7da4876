/** Where the owner was in a list, for when they come back from a scene. */
export interface Place {
  /** The list. */
  key: string;
  /** The row that keys were for. */
  id: number;
  scroll_px: number;
}

let last: Place | undefined;

export function leavePlace(place: Place): void {
  last = place;
}

/** Where it was left, if it was this list; once. */
export function takePlace(key: string): Place | undefined {
  const found = last?.key === key ? last : undefined;
  last = undefined;
  return found;
}
