/** What helps where a medium could not be analysed, beyond what the reason itself says. Pure. */
import type { TextKey } from "../../text/text.ts";

export interface Remedy {
  key: TextKey;
  /** One of our pages. */
  to?: string;
}

const PATHS: Remedy = { key: "tasks.remedy.paths", to: "/sense/settings" };
const FILE: Remedy = { key: "tasks.remedy.file" };
const DIED: Remedy = { key: "tasks.remedy.died" };
const GONE: Remedy = { key: "tasks.remedy.gone" };

/** By code of the sidecar's problems (protos/common.proto), and of the plugin's own. */
const REMEDIES: Readonly<Record<string, Remedy | undefined>> = {
  not_found: PATHS,
  outside_media_roots: PATHS,
  permission_denied: PATHS,
  origin_not_allowed: PATHS,
  http_error: { key: "tasks.remedy.url", to: "/sense/settings" },
  empty_file: FILE,
  unreadable: FILE,
  no_file: GONE,
  gone: GONE,
  process_died: DIED,
  sidecar_died: DIED,
  internal: { key: "tasks.remedy.internal" },
  no_images: { key: "tasks.remedy.images" },
};

export function remedyOf(code: string): Remedy | undefined {
  return Object.hasOwn(REMEDIES, code) ? REMEDIES[code] : undefined;
}
