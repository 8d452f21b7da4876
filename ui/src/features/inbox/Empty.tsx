import { faCheck, faFilterCircleXmark, faInbox } from "@fortawesome/free-solid-svg-icons";
import React, { type ReactNode } from "react";
import { Button } from "react-bootstrap";
import { Link } from "react-router-dom";
import { pluginApi } from "../../host/pluginApi.ts";
import { call } from "../../operations.ts";
import { Icon } from "../../shared/Icon.tsx";
import { sentence } from "../../shared/Problem.tsx";
import { PAGES } from "../../shared/pages.ts";
import { useAction } from "../../shared/useOperation.ts";
import { useText } from "../../text/text.ts";

function Notice({ icon, title, children }: { icon: typeof faCheck; title: string; children?: ReactNode }) {
  return (
    <div className="sense-inbox-empty">
      <Icon icon={icon} />
      <h5>{title}</h5>
      {children}
    </div>
  );
}

/** Nothing was analysed so far: the way to begin. */
export function NothingAnalysed({ isAtWork, onBegun }: { isAtWork: boolean; onBegun(): void }) {
  const text = useText();
  const { t } = text;
  const toast = pluginApi().hooks.useToast();
  const begin = useAction(
    async () => {
      await call("queue.add", { which: "new" });
      toast.success(t("inbox.begun"));
      onBegun();
    },
    (error) => toast.error(sentence(text, error)),
  );
  return (
    <Notice icon={faInbox} title={t(isAtWork ? "inbox.empty.working" : "inbox.empty.new")}>
      <p className="text-muted">{t(isAtWork ? "inbox.empty.working.about" : "inbox.empty.new.about")}</p>
      {isAtWork ? (
        <Link className="btn btn-primary" to={PAGES.tasks.path}>
          {t("page.tasks")}
        </Link>
      ) : (
        <Button variant="primary" disabled={begin.busy} onClick={() => void begin.run()}>
          {t("inbox.analyse")}
        </Button>
      )}
    </Notice>
  );
}

/** Everything is decided. */
export function InboxZero() {
  const { t } = useText();
  return (
    <Notice icon={faCheck} title={t("inbox.empty.zero")}>
      <p className="text-muted">{t("inbox.empty.zero.about")}</p>
    </Notice>
  );
}

/** Nothing was ever decided so. */
export function NoHistory() {
  const { t } = useText();
  return <Notice icon={faInbox} title={t("inbox.empty.history")} />;
}

export function NothingFound({ onClear }: { onClear(): void }) {
  const { t } = useText();
  return (
    <Notice icon={faFilterCircleXmark} title={t("inbox.empty.filters")}>
      <Button variant="secondary" onClick={onClear}>
        {t("inbox.filter.clear")}
      </Button>
    </Notice>
  );
}

/** The group is done: on to the next one. */
export function GroupDone({ next, to }: { next: string | undefined; to: string }) {
  const { t } = useText();
  return (
    <Notice icon={faCheck} title={t("inbox.empty.group")}>
      {next !== undefined && (
        <Link className="btn btn-primary" to={{ search: to }}>
          {t("inbox.next", { name: next })}
        </Link>
      )}
    </Notice>
  );
}
