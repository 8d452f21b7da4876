import { useState } from "react";
import { pluginApi } from "../../host/pluginApi.ts";
import { type Changed, refresh } from "../../host/refresh.ts";
import { call } from "../../operations.ts";
import { useText } from "../../text/text.ts";
import { sentence } from "../Problem.tsx";
import { useAction } from "../useOperation.ts";
import { useUndoToast } from "../useUndoToast.tsx";
import { acceptTrack } from "./acceptTrack.ts";
import type { Chosen } from "./Finder.tsx";

/** What an owner says of a medium's tracks: who they are, and who not. `changed` is called after each. */
export function useNaming(medium: Changed, changed: () => void) {
  const text = useText();
  const toast = pluginApi().hooks.useToast();
  const undoToast = useUndoToast();
  const [working, setWorking] = useState("");
  const settled = () => {
    refresh([medium]);
    changed();
  };
  const fail = (error: Parameters<typeof sentence>[1]) => toast.error(sentence(text, error));

  const undo = useAction(async (suggestion_id: number) => {
    await call("suggestions.undo", { ids: [suggestion_id] });
    settled();
  }, fail);
  const undoRun = useAction(async (id: number) => {
    await call("runs.undo", { id });
    settled();
  }, fail);
  const accept = useAction(async (track_id: string, chosen: Chosen) => {
    const { suggestion_id, run_id, created } = await acceptTrack(medium, track_id, chosen);
    settled();
    const said = text.t("people.accepted", { name: chosen.name });
    if (suggestion_id === null) toast.success(said);
    // A performer who was made for it goes with it.
    else if (created && run_id !== null) undoToast(said, () => void undoRun.run(run_id));
    else undoToast(said, () => void undo.run(suggestion_id));
    return true;
  }, fail);
  const reject = useAction(async (track_id: string, key: string, name: string) => {
    const { suggestion_id } = await call("people.reject", { ...medium, track_id, key });
    settled();
    const said = text.t("people.rejected", { name });
    if (suggestion_id === null) toast.success(said);
    else undoToast(said, () => void undo.run(suggestion_id));
    return true;
  }, fail);

  const run = async (track_id: string, act: () => Promise<boolean | undefined>) => {
    setWorking(track_id);
    const done = await act();
    setWorking("");
    return done === true;
  };
  return {
    /** The track that something is asked of; "" for none. */
    working,
    /** True where it was done. */
    accept: (track_id: string, chosen: Chosen) => run(track_id, () => accept.run(track_id, chosen)),
    reject: (track_id: string, key: string, name: string) => run(track_id, () => reject.run(track_id, key, name)),
  };
}
