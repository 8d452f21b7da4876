import { useEffect, useRef } from "react";
import { type Changed, onRefresh } from "../host/refresh.ts";

/** Call `act` when another part of ours has changed the medium. */
export function useRefreshed({ kind, id }: Changed, act: () => void): void {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    const controller = new AbortController();
    onRefresh((media) => {
      if (media.some((one) => one.kind === kind && one.id === id)) latest.current();
    }, controller.signal);
    return () => controller.abort();
  }, [kind, id]);
}
