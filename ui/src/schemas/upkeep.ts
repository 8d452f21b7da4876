import * as v from "valibot";
import { plain } from "./common.ts";
import { selfTest, sidecarState } from "./status.ts";

export const UPKEEP = {
  "self_test.run": plain(v.object({ ...selfTest.entries, ready: v.boolean() })),
  "sidecar.restart": plain(v.object({ stopped: v.boolean(), sidecar: v.nullable(sidecarState) })),
};
