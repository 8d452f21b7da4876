import { useEffect, useState } from "react";
import { stashSettings } from "../../host/pluginTask.ts";
import { OperationError } from "../../operations.ts";
import { STASH, type Value, type Values } from "./fields.ts";

/** The settings that Stash keeps, with the defaults of those that were never set. */
export function useStashSettings(): { values?: Values; error?: OperationError; reload(): void } {
  const [state, setState] = useState<{ values?: Values; error?: OperationError }>({});
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` stands for a reload.
  useEffect(() => {
    let isWanted = true;
    stashSettings().then(
      (read) => {
        const values = Object.fromEntries(
          STASH.map(({ id, initial }) => [id, typeof read[id] === typeof initial ? (read[id] as Value) : initial]),
        );
        if (isWanted) setState({ values });
      },
      (error) => {
        const message = error instanceof Error ? error.message : String(error);
        if (isWanted) setState({ error: new OperationError("unreachable", "configuration", message) });
      },
    );
    return () => {
      isWanted = false;
    };
  }, [turn]);
  return { ...state, reload: () => setTurn((before) => before + 1) };
}
