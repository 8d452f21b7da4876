import { pluginApi } from "../../host/pluginApi.ts";
import { sentence } from "../../shared/Problem.tsx";
import { useAction } from "../../shared/useOperation.ts";
import { useUndoToast } from "../../shared/useUndoToast.tsx";
import { useText } from "../../text/text.ts";

/** What is said of something that was done, and the way back where there is one. */
export interface Done {
  said: string;
  undo?: () => Promise<unknown>;
}

/** Something that the owner asks for, with a toast about what came of it. `changed` is called after it, and after its undo. */
export function useAct(changed: () => void) {
  const text = useText();
  const toast = pluginApi().hooks.useToast();
  const undoToast = useUndoToast();
  const fail = (error: Parameters<typeof sentence>[1]) => toast.error(sentence(text, error));
  const back = useAction(async (undo: () => Promise<unknown>) => {
    await undo();
    changed();
    toast.success(text.t("people.undone"));
  }, fail);
  return useAction(async (act: () => Promise<Done>) => {
    const { said, undo } = await act();
    changed();
    if (undo) undoToast(said, () => void back.run(undo));
    else toast.success(said);
    return true;
  }, fail);
}
