import { pluginApi } from "../../host/pluginApi.ts";
import { sentence } from "../../shared/Problem.tsx";
import { useAction } from "../../shared/useOperation.ts";
import { useText } from "../../text/text.ts";

/** Something that the owner asks for: `run` does it, and a toast says what came of it. "" says nothing. */
export function useAct<Args extends unknown[]>(act: (...args: Args) => Promise<string>) {
  const text = useText();
  const toast = pluginApi().hooks.useToast();
  return useAction(
    async (...args: Args) => {
      const said = await act(...args);
      if (said) toast.success(said);
    },
    (error) => toast.error(sentence(text, error)),
  );
}
