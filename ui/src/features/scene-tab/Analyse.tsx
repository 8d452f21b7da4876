import { faWandMagicSparkles } from "@fortawesome/free-solid-svg-icons";
import React from "react";
import { Button, ButtonGroup, Dropdown } from "react-bootstrap";
import { Icon } from "../../shared/Icon.tsx";
import { useText } from "../../text/text.ts";

interface Props {
  wasAnalysed: boolean;
  analyse(fresh: boolean): void;
}

/** Have the scene looked at now; what is stored of it is used, unless it must be from scratch. */
export function Analyse({ wasAnalysed, analyse }: Props) {
  const { t } = useText();
  return (
    <Dropdown as={ButtonGroup} className="sense-analyse show-carat">
      <Button variant={wasAnalysed ? "secondary" : "primary"} size="sm" onClick={() => analyse(false)}>
        <Icon icon={faWandMagicSparkles} /> {t(wasAnalysed ? "tab.analyse.again" : "tab.analyse")}
      </Button>
      <Dropdown.Toggle
        split
        variant={wasAnalysed ? "secondary" : "primary"}
        size="sm"
        aria-label={t("tab.analyse.more")}
      />
      <Dropdown.Menu className="bg-secondary text-white" align="right">
        <Dropdown.Item as="button" className="bg-secondary text-white" onClick={() => analyse(true)}>
          {t("tab.analyse.fresh")}
        </Dropdown.Item>
      </Dropdown.Menu>
    </Dropdown>
  );
}
