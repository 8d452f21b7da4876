import { createPerformer } from "../../host/performers.ts";
import type { Changed } from "../../host/refresh.ts";
import { call, type Output } from "../../operations.ts";
import type { Who } from "../../schemas/people.ts";
import type { Chosen } from "./Finder.tsx";

/** Say who a track is: written to its medium, and learnt. Rejects with OperationError. */
export async function acceptTrack(
  { kind, id }: Changed,
  track_id: string,
  chosen: Chosen,
): Promise<Output<"people.accept">> {
  return call("people.accept", { kind, id, track_id, key: await keyOf(chosen) });
}

async function keyOf(chosen: Chosen): Promise<string> {
  if (chosen.way === "known") return chosen.key;
  if (chosen.way === "box") return `box:${chosen.endpoint}|${chosen.id}`;
  if (chosen.way === "performer") return performerKey(chosen.performer_id);
  return performerKey(await createPerformer(chosen.name));
}

function performerKey(id: number): string {
  return `stash:${id}`;
}

/** Somebody that the model proposes, as a choice. */
export function chosenOf({ name, key }: Pick<Who, "name" | "key">): Chosen {
  return { way: "known", key, name };
}
