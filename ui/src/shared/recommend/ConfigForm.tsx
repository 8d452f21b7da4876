import React, { useEffect, useState } from "react";
import { Button, Form } from "react-bootstrap";
import { pluginApi } from "../../host/pluginApi.ts";
import { call } from "../../operations.ts";
import type { Config, Context, Recommender } from "../../schemas/recommend.ts";
import { useText } from "../../text/text.ts";
import { sentence } from "../Problem.tsx";
import { useAction } from "../useOperation.ts";
import { FieldControl } from "./FieldControl.tsx";
import { isChanged, isSame, typeOf, valueIn, valuesOf } from "./form.ts";

interface Props {
  context: Context;
  recommender: Recommender;
  /** It is saved, or as it came. */
  onSaved(): void;
}

/** A recommender's settings, made from what it says of them. Kept for its context. */
export function ConfigForm({ context, recommender, onSaved }: Props) {
  const text = useText();
  const { t } = text;
  const toast = pluginApi().hooks.useToast();
  const { id, fields } = recommender;
  const [draft, setDraft] = useState<Config>(recommender.config);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was typed stays until another one is saved.
  useEffect(() => setDraft(recommender.config), [id, JSON.stringify(recommender.config)]);
  const fail = (error: Parameters<typeof sentence>[1]) => toast.error(sentence(text, error));
  const save = useAction(async () => {
    await call("recommend.save", { context, recommender: id, config: valuesOf(fields, draft), chosen: true });
    onSaved();
  }, fail);
  const reset = useAction(async () => {
    await call("recommend.reset", { context, recommender: id });
    onSaved();
  }, fail);
  const isBusy = save.busy || reset.busy;
  const known = fields.filter(typeOf);
  const isEdited = !isSame(valuesOf(fields, draft), valuesOf(fields, recommender.config));
  const control = (field: (typeof known)[number]) => (
    <FieldControl
      key={field.name}
      prefix={`sense-${context}-${id}`}
      field={field}
      value={valueIn(field, draft)}
      onChange={(value) => setDraft((before) => ({ ...before, [field.name]: value }))}
    />
  );
  const advanced = known.filter((field) => field.advanced);
  return (
    <Form
      className="sense-config"
      aria-label={t("recommend.options.of", { name: recommender.label })}
      onSubmit={(event) => {
        event.preventDefault();
        void save.run();
      }}
    >
      {known.length === 0 && <p className="text-muted">{t("recommend.options.none")}</p>}
      <div className="sense-config-fields">{known.filter((field) => !field.advanced).map(control)}</div>
      {advanced.length > 0 && (
        <details>
          <summary>{t("recommend.options.more")}</summary>
          <div className="sense-config-fields">{advanced.map(control)}</div>
        </details>
      )}
      {known.length > 0 && (
        <div className="sense-config-acts">
          <Button type="submit" variant="primary" size="sm" disabled={isBusy || !isEdited}>
            {t("recommend.apply")}
          </Button>
          <Button
            variant="secondary"
            size="sm"
            disabled={isBusy || (!isChanged(fields, recommender.config) && !isEdited)}
            onClick={() => void reset.run()}
          >
            {t("recommend.reset")}
          </Button>
        </div>
      )}
    </Form>
  );
}
