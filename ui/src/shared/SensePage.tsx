import React, { type ReactNode, useEffect } from "react";
import { Nav } from "react-bootstrap";
import { NavLink } from "react-router-dom";
import { type TextKey, useText } from "../text/text.ts";
import { PAGES } from "./pages.ts";

/** The frame of our pages: their names as tabs, one heading. Stash matches routes by prefix: others render nothing. */
export function SensePage({ title, children }: { title: TextKey; children: ReactNode }) {
  const { t } = useText();
  useEffect(() => {
    const before = document.title;
    document.title = `${t(title)} | ${t("name")} | Stash`;
    return () => {
      document.title = before;
    };
  }, [t, title]);
  return (
    <main className="sense-page">
      <h1 className="sense-visually-hidden">{`${t("name")}: ${t(title)}`}</h1>
      <Nav variant="tabs" as="nav" aria-label={t("page.sections")}>
        {Object.values(PAGES).map((page) => (
          <Nav.Item key={page.path}>
            <NavLink exact to={page.path} className="nav-link" activeClassName="active">
              {t(page.title)}
            </NavLink>
          </Nav.Item>
        ))}
      </Nav>
      {children}
    </main>
  );
}
