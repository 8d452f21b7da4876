import React from "react";
import { Alert, Nav } from "react-bootstrap";
import { Link, useLocation } from "react-router-dom";
import { Loading } from "../../shared/Loading.tsx";
import { Problem } from "../../shared/Problem.tsx";
import { type Asked, useOperation } from "../../shared/useOperation.ts";
import { useText } from "../../text/text.ts";
import { About } from "./About.tsx";
import { General } from "./General.tsx";
import { Models } from "./Models.tsx";
import { Paths } from "./Paths.tsx";
import { Policies } from "./Policies.tsx";
import { Privacy } from "./Privacy.tsx";
import { SelfTest } from "./SelfTest.tsx";
import { SetUp } from "./SetUp.tsx";
import { addressOf, TABS, type Tab, tabOf } from "./tabs.ts";

/** All settings, a part at a time. */
export function Settings() {
  const { t } = useText();
  const tab = tabOf(useLocation().search);
  const status = useOperation("status", {});
  return (
    <div className="sense-settings">
      <Nav variant="pills" as="nav" aria-label={t("settings.parts")} className="sense-settings-menu">
        {TABS.map((one) => (
          <Nav.Item key={one}>
            <Link
              to={addressOf(one)}
              className={`nav-link ${one === tab ? "active" : ""}`}
              aria-current={one === tab ? "page" : undefined}
            >
              {t(`settings.tab.${one}`)}
            </Link>
          </Nav.Item>
        ))}
      </Nav>
      <div className={`sense-settings-part ${tab === "policy" && status.data?.ready ? "wide" : ""}`}>
        <Part tab={tab} status={status} />
      </div>
    </div>
  );
}

function Part({ tab, status }: { tab: Tab; status: Asked<"status"> }) {
  const { data, error, reload } = status;
  const { t } = useText();
  if (!data && error) {
    // What the page can say by itself helps most where nothing answers.
    return (
      <>
        <Problem error={error} again={reload} />
        {tab === "about" && <About status={undefined} reload={reload} />}
        {tab === "self-test" && <SetUp instruction="" onEnd={reload} />}
      </>
    );
  }
  if (!data) return <Loading />;
  if (!data.ready && tab !== "about") {
    return (
      <>
        <Alert variant="info">{t("settings.not_ready")}</Alert>
        <SetUp instruction={data.instruction} onEnd={reload} />
      </>
    );
  }
  switch (tab) {
    case "self-test":
      return <SelfTest status={data} reload={reload} />;
    case "general":
      return <General />;
    case "paths":
      return <Paths />;
    case "policy":
      return <Policies />;
    case "models":
      return <Models />;
    case "privacy":
      return <Privacy />;
    default:
      return <About status={data} reload={reload} />;
  }
}
