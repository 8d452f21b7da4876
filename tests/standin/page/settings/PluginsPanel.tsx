import { useQuery } from "@apollo/client";
import React from "react";
import { Button } from "react-bootstrap";
import { useToast } from "../frame/Toasts.tsx";
import { client } from "../graphql/client.ts";
import { PluginsDocument } from "../graphql/documents.ts";
import { mutateReloadPlugins, mutateSetPluginsEnabled } from "../graphql/service.ts";
import type { Plugin, PluginSetting } from "../graphql/types.ts";
import { patchComponent } from "../plugins/patch.tsx";
import { useSettings } from "./context.ts";
import { BooleanSetting, NumberSetting, SettingGroup, StringSetting } from "./inputs.tsx";
import { Section } from "./Section.tsx";

interface RowProps {
  pluginID: string;
  setting: PluginSetting;
  value: unknown;
  onChange: (value: unknown) => void;
}

function Row({ pluginID, setting, value, onChange }: RowProps) {
  const common = {
    heading: setting.display_name || setting.name,
    id: `plugin-${pluginID}-${setting.name}`,
    subHeading: setting.description ?? undefined,
  };
  switch (setting.type) {
    case "BOOLEAN":
      return <BooleanSetting {...common} checked={(value as boolean | undefined) ?? false} onChange={onChange} />;
    case "STRING":
      return <StringSetting {...common} value={(value as string | undefined) ?? ""} onChange={onChange} />;
    default:
      return <NumberSetting {...common} value={(value as number | undefined) ?? 0} onChange={onChange} />;
  }
}

interface PluginSettingsProps {
  pluginID: string;
  settings: PluginSetting[];
}

export const PluginSettings = patchComponent<PluginSettingsProps>("PluginSettings", ({ pluginID, settings }) => {
  const { plugins, savePluginSettings } = useSettings();
  const values = plugins[pluginID] ?? {};
  return (
    <div className="plugin-settings">
      {settings.map((setting) => (
        <Row
          key={setting.name}
          pluginID={pluginID}
          setting={setting}
          value={values[setting.name]}
          onChange={(value) => savePluginSettings(pluginID, { ...values, [setting.name]: value })}
        />
      ))}
    </div>
  );
});

export function PluginsPanel() {
  const { data, refetch } = useQuery<{ plugins: Plugin[] | null }>(PluginsDocument);
  const toast = useToast();
  const change = async (mutate: () => Promise<unknown>) => {
    try {
      await mutate();
      await refetch();
      client.cache.evict({ id: "ROOT_QUERY", fieldName: "pluginTasks" });
    } catch (error) {
      toast.error(error);
    }
  };
  return (
    <Section heading="Plugins">
      <div className="setting">
        <div />
        <div>
          <Button onClick={() => change(mutateReloadPlugins)}>Reload plugins</Button>
        </div>
      </div>
      {(data?.plugins ?? []).map((plugin) => (
        <SettingGroup
          key={plugin.id}
          settingProps={{
            heading: `${plugin.name} ${plugin.version ? `(${plugin.version})` : ""}`,
            className: plugin.enabled ? "" : "disabled",
            subHeading: plugin.description,
          }}
          topLevel={
            <Button
              variant="secondary"
              size="sm"
              onClick={() => change(() => mutateSetPluginsEnabled({ [plugin.id]: !plugin.enabled }))}
            >
              {plugin.enabled ? "Disable" : "Enable"}
            </Button>
          }
        >
          {(plugin.hooks?.length ?? 0) > 0 && (
            <div className="setting">
              <div>
                <h5>Hooks</h5>
                {plugin.hooks?.map((hook) => (
                  <div key={hook.name}>
                    <h6>{hook.name}</h6>
                    <div className="sub-heading">{hook.description}</div>
                  </div>
                ))}
              </div>
              <div />
            </div>
          )}
          {plugin.enabled && (plugin.settings?.length ?? 0) > 0 && (
            <PluginSettings pluginID={plugin.id} settings={plugin.settings ?? []} />
          )}
        </SettingGroup>
      ))}
    </Section>
  );
}
