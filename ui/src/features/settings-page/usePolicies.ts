import { useEffect, useState } from "react";
import { call, type OperationError } from "../../operations.ts";
import { useOperation } from "../../shared/useOperation.ts";
import { type Drafts, keyOf, type Listed, rebased } from "./policies.ts";

/** The plugin takes no more at once. */
const MOST_ROWS = 5000;

export interface PolicyStore {
  listed: Listed | undefined;
  error: OperationError | undefined;
  drafts: Drafts;
  setDrafts(change: (before: Drafts) => Drafts): void;
  /** Rejects with OperationError; the drafts stay then. */
  save(): Promise<void>;
  reload(): void;
}

/** What is stored of policies, and what is changed here but not saved. */
export function usePolicies(): PolicyStore {
  const { data, error, reload } = useOperation("policy.list", {});
  const [newest, setNewest] = useState<Listed>();
  const [drafts, setDrafts] = useState<Drafts>(new Map());
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was asked for anew replaces what was read after a save.
  useEffect(() => setNewest(undefined), [data]);
  const listed = newest ?? data;

  const save = async () => {
    const before = new Map(listed?.rows.map((row) => [keyOf(row.label), row]));
    const now = new Map((await call("policy.list", {})).rows.map((row) => [keyOf(row.label), row]));
    const rows = [...drafts].map(([key, draft]) => {
      const none = { label: draft.label };
      return rebased(draft, before.get(key) ?? none, now.get(key) ?? none);
    });
    for (let at = 0; at < rows.length; at += MOST_ROWS) {
      await call("policy.set", { rows: rows.slice(at, at + MOST_ROWS) });
    }
    setNewest(await call("policy.list", {}));
    setDrafts((present) => new Map([...present].filter(([key, row]) => drafts.get(key) !== row)));
  };
  return { listed, error, drafts, setDrafts, save, reload };
}
