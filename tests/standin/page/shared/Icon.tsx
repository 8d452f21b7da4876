import type { IconDefinition, SizeProp } from "@fortawesome/fontawesome-svg-core";
import { FontAwesomeIcon } from "@fortawesome/react-fontawesome";
import React from "react";
import { patchComponent } from "../plugins/patch.tsx";

export interface IconProps {
  icon: IconDefinition;
  className?: string;
  color?: string;
  size?: SizeProp;
}

export const Icon = patchComponent<IconProps>("Icon", ({ icon, className, color, size }) => (
  <FontAwesomeIcon icon={icon} className={`fa-icon ${className ?? ""}`} color={color} size={size} />
));
