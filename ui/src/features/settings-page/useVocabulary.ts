import { useMemo, useState } from "react";
import { useOperation } from "../../shared/useOperation.ts";
import type { Named } from "./policies.ts";

const NONE: readonly Named[] = [];

export interface Vocabulary {
  /** What the model in use can judge; nothing where the vocabulary is not looked for. */
  tags: readonly Named[];
  state: "unasked" | "asked" | "off" | "shown" | "failed";
  /** Ask, or ask again. */
  show(): void;
}

/** Tags that the sidecar looks for, found or not. Asking loads the model, so where it is not loaded somebody must want it. */
export function useVocabulary(isLoaded: boolean): Vocabulary {
  const [isWanted, setIsWanted] = useState(false);
  const { data, error, reload } = useOperation("vocabulary.list", {}, { enabled: isWanted || isLoaded });
  const tags = useMemo(() => (data?.used ? data.tags.filter(({ judged }) => judged) : NONE), [data]);
  return {
    tags,
    state: data ? (data.used ? "shown" : "off") : error ? "failed" : isWanted || isLoaded ? "asked" : "unasked",
    show: () => (isWanted || isLoaded ? reload() : setIsWanted(true)),
  };
}
