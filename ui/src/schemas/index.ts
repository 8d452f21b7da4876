/** Arguments and answer of every operation that the browser asks for. Checked against tests/golden. */
import { ANALYSIS } from "./analysis.ts";
import { HISTORY } from "./history.ts";
import { MODELS } from "./models.ts";
import { PEOPLE } from "./people.ts";
import { POLICY } from "./policy.ts";
import { QUEUE } from "./queue.ts";
import { RECOMMEND } from "./recommend.ts";
import { SETTINGS } from "./settings.ts";
import { STATUS } from "./status.ts";
import { SUGGESTIONS } from "./suggestions.ts";
import { TELEMETRY } from "./telemetry.ts";
import { THUMBNAILS } from "./thumbnails.ts";

export const SCHEMAS = {
  ...STATUS,
  ...QUEUE,
  ...SUGGESTIONS,
  ...ANALYSIS,
  ...POLICY,
  ...SETTINGS,
  ...MODELS,
  ...THUMBNAILS,
  ...TELEMETRY,
  ...PEOPLE,
  ...RECOMMEND,
  ...HISTORY,
};
