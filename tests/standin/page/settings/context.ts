/** What settings pages share. Outside of them there is none, and asking for it throws. */
import { createContext, useContext } from "react";
import type { Configuration, PluginValues } from "../graphql/types.ts";

export interface SettingsState {
  loading: boolean;
  error: Error | undefined;
  general: Configuration["general"];
  interface: Configuration["interface"];
  ui: Record<string, unknown>;
  plugins: Record<string, PluginValues>;
  savePluginSettings(pluginID: string, input: PluginValues): void;
  refetch(): void;
  advancedMode: boolean;
  setAdvancedMode(value: boolean): void;
}

export const SettingsContext = createContext<SettingsState | null>(null);

export function useSettings(): SettingsState {
  const settings = useContext(SettingsContext);
  if (settings === null) throw new Error("useSettings must be used within a SettingStateContext.");
  return settings;
}
