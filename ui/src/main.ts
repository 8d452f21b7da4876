/** The table of contents: every feature, each in a file of its own. */
import "./styles/base.css";
import { start } from "./feature.ts";
import { navigation } from "./features/navigation.tsx";

start([navigation]);
