/** Choices of how things are shown, kept by this browser. */
import { useCallback, useState } from "react";

const PREFIX = "stash-sense-native.";

/** One of `choices`, as chosen last. */
export function useKept<Value extends string | number>(
  name: string,
  choices: readonly Value[],
  initial: Value,
): [Value, (value: Value) => void] {
  const [value, setValue] = useState(() => read(name, choices, initial));
  const change = useCallback(
    (next: Value) => {
      setValue(next);
      try {
        window.localStorage.setItem(PREFIX + name, String(next));
      } catch {
        // Where the browser keeps nothing for us, it holds until the page is left.
      }
    },
    [name],
  );
  return [value, change];
}

function read<Value extends string | number>(name: string, choices: readonly Value[], initial: Value): Value {
  try {
    const kept = window.localStorage.getItem(PREFIX + name);
    return choices.find((one) => String(one) === kept) ?? initial;
  } catch {
    return initial;
  }
}
