import { createContext, useContext } from "react";
import type { Configuration } from "../graphql/types.ts";

export const ConfigurationContext = createContext<Configuration | undefined>(undefined);

export const useConfiguration = () => useContext(ConfigurationContext);
