import {
  faBars,
  faChartColumn,
  faCog,
  faFilm,
  faImage,
  faImages,
  faMapMarkerAlt,
  faPlayCircle,
  faQuestionCircle,
  faTag,
  faTimes,
  faUser,
  faVideo,
} from "@fortawesome/free-solid-svg-icons";
import React, { useEffect, useRef, useState } from "react";
import { Button, Nav, Navbar } from "react-bootstrap";
import { useIntl } from "react-intl";
import { Link, NavLink, useLocation } from "react-router-dom";
import { patchContainer } from "../plugins/patch.tsx";
import { Icon } from "../shared/Icon.tsx";
import { useConfiguration } from "./ConfigurationContext.ts";

const MenuItems = patchContainer("MainNavBar.MenuItems");
const UtilityItems = patchContainer("MainNavBar.UtilityItems");

const ITEMS = [
  { name: "scenes", icon: faPlayCircle, to: "/scenes" },
  { name: "images", icon: faImage, to: "/images" },
  { name: "groups", icon: faFilm, to: "/groups" },
  { name: "markers", icon: faMapMarkerAlt, to: "/scenes/markers" },
  { name: "galleries", icon: faImages, to: "/galleries" },
  { name: "performers", icon: faUser, to: "/performers" },
  { name: "studios", icon: faVideo, to: "/studios" },
  { name: "tags", icon: faTag, to: "/tags" },
];

function Utilities() {
  const link = (to: string, title: string, icon: typeof faCog) => (
    <NavLink className="nav-utility" exact to={to} key={to} title={title}>
      <Button className="minimal d-flex align-items-center h-100" title={title} tabIndex={-1}>
        <Icon icon={icon} />
      </Button>
    </NavLink>
  );
  return (
    <UtilityItems>
      {link("/stats", "Statistics", faChartColumn)}
      {link("/settings", "Settings", faCog)}
      <Button className="nav-utility minimal" title="Help">
        <Icon icon={faQuestionCircle} />
      </Button>
    </UtilityItems>
  );
}

export function MainNavbar() {
  const [expanded, setExpanded] = useState(false);
  const location = useLocation();
  const intl = useIntl();
  const shown = useConfiguration()?.interface.menuItems;
  const bar = useRef<HTMLElement>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: going elsewhere closes the menu.
  useEffect(() => setExpanded(false), [location]);

  useEffect(() => {
    if (!expanded) return;
    const close = (event: MouseEvent) => {
      if (event.target instanceof Node && !bar.current?.contains(event.target)) setExpanded(false);
    };
    document.addEventListener("click", close);
    return () => document.removeEventListener("click", close);
  }, [expanded]);

  return (
    <Navbar
      collapseOnSelect
      fixed="top"
      variant="dark"
      bg="dark"
      className="top-nav"
      expand="xl"
      expanded={expanded}
      onToggle={setExpanded}
      ref={bar}
    >
      <Navbar.Collapse className="bg-dark order-sm-1">
        <Nav>
          <MenuItems>
            {ITEMS.filter(({ name }) => !shown || shown.includes(name)).map(({ name, icon, to }) => (
              <Nav.Link eventKey={to} as="div" key={name} className="col-4 col-sm-3 col-md-2 col-lg-auto">
                <NavLink
                  exact
                  to={to}
                  activeClassName="active"
                  className="btn btn-primary minimal p-4 p-xl-2 d-flex d-xl-inline-block flex-column justify-content-between align-items-center"
                >
                  <Icon icon={icon} className="nav-menu-icon d-block d-xl-inline mb-2 mb-xl-0" />
                  <span>{intl.formatMessage({ id: name })}</span>
                </NavLink>
              </Nav.Link>
            ))}
          </MenuItems>
        </Nav>
        <Nav>
          <Utilities />
        </Nav>
      </Navbar.Collapse>
      <Navbar.Brand as="div">
        <Link to="/" className="btn btn-primary minimal brand-link d-inline-block">
          Stash
        </Link>
      </Navbar.Brand>
      <Nav className="navbar-buttons flex-row ml-auto order-xl-2">
        <Utilities />
        <Navbar.Toggle className="nav-menu-toggle ml-sm-2">
          <Icon icon={expanded ? faTimes : faBars} />
        </Navbar.Toggle>
      </Nav>
    </Navbar>
  );
}
