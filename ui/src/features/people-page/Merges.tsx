import React from "react";
import { Dropdown } from "react-bootstrap";
import { call } from "../../operations.ts";
import type { Merge } from "../../schemas/people.ts";
import { useText } from "../../text/text.ts";
import type { useAct } from "./useAct.ts";

/** What was merged last, each with the way back. */
export function Merges({ merges, act }: { merges: readonly Merge[]; act: ReturnType<typeof useAct> }) {
  const { t, ago } = useText();
  if (merges.length === 0) return null;
  const takeBack = (merge: Merge) =>
    void act.run(async () => {
      await call("people.unmerge", { merge_id: merge.id });
      return { said: t("people.unmerged", { count: merge.groups }) };
    });
  return (
    <Dropdown className="sense-people-merges" alignRight>
      <Dropdown.Toggle variant="secondary" size="sm" id="sense-people-merges">
        {t("people.merges", { count: merges.length })}
      </Dropdown.Toggle>
      <Dropdown.Menu className="bg-secondary text-white">
        {merges.map((merge) => (
          <Dropdown.Item
            key={merge.id}
            as="button"
            className="bg-secondary text-white"
            disabled={act.busy}
            onClick={() => takeBack(merge)}
          >
            {t("people.unmerge", { count: merge.groups, when: ago(merge.at_s) })}
          </Dropdown.Item>
        ))}
      </Dropdown.Menu>
    </Dropdown>
  );
}
