import React from "react";
import { Form } from "react-bootstrap";
import { usePreference } from "../../shared/preferences.ts";
import { useText } from "../../text/text.ts";
import { Section, Setting } from "./Section.tsx";

/** Switches of this browser: at once, for nobody else sees them. */
export function Browser() {
  const { t } = useText();
  const [badges, setBadges] = usePreference("badges");
  return (
    <Section heading={t("settings.group.browser")}>
      <Setting heading={t("settings.badges")} htmlFor="sense-setting-badges" about={t("settings.badges.about")}>
        <Form.Check
          type="switch"
          id="sense-setting-badges"
          label=""
          aria-label={t("settings.badges")}
          checked={badges}
          onChange={() => setBadges(!badges)}
        />
      </Setting>
    </Section>
  );
}
