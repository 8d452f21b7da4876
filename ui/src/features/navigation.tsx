/** The entry in Stash's menu. */
import { faEye } from "@fortawesome/free-solid-svg-icons";
import React from "react";
import { Nav } from "react-bootstrap";
import { NavLink } from "react-router-dom";
import type { Feature } from "../feature.ts";
import { addChild } from "../host/patch.ts";
import { ErrorBoundary } from "../shared/ErrorBoundary.tsx";
import { Icon } from "../shared/Icon.tsx";
import { PAGES } from "../shared/pages.ts";
import { useText } from "../text/text.ts";

const id = "navigation";

function Entry() {
  const { t } = useText();
  return (
    <Nav.Link as="div" eventKey="/sense" className="col-4 col-sm-3 col-md-2 col-lg-auto">
      <NavLink
        to={PAGES.inbox.path}
        isActive={(_, location) => location.pathname.startsWith("/sense/")}
        activeClassName="active"
        className="btn btn-primary minimal p-4 p-xl-2 d-flex d-xl-inline-block flex-column justify-content-between align-items-center"
      >
        <Icon icon={faEye} className="nav-menu-icon d-block d-xl-inline mb-2 mb-xl-0" />
        <span>{t("name")}</span>
      </NavLink>
    </Nav.Link>
  );
}

export const navigation: Feature = {
  id,
  init(signal) {
    addChild("MainNavBar.MenuItems", id, signal, () => (
      <ErrorBoundary feature={id}>
        <Entry />
      </ErrorBoundary>
    ));
  },
};
