/** host/refresh.ts by itself, for tests/ui/test_refresh.py to call. */
import { type Changed, refresh } from "../../src/host/refresh.ts";

declare global {
  interface Window {
    senseRefresh?: (media: readonly Changed[]) => void;
  }
}

window.senseRefresh = refresh;
