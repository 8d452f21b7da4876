import type { PolicyRow } from "../../schemas/policy.ts";
import type { Line, Listed } from "./policies.ts";

/** What a list of policies shows and can do, as a table or as cards. */
export interface PolicyList {
  lines: readonly Line[];
  defaults: Listed["defaults"];
  /** Unit of thresholds of the model in use; "" while it is not known. */
  scoring: string;
  /** Keys. */
  chosen: ReadonlySet<string>;
  onChoose(chosen: ReadonlySet<string>): void;
  onChange(line: Line, values: Partial<PolicyRow>): void;
  onEdit(line: Line): void;
}
