/** Five stars over a rating of 0 to 100; Stash can also show numbers. */
import { faStar as faStarEmpty } from "@fortawesome/free-regular-svg-icons";
import { faStar } from "@fortawesome/free-solid-svg-icons";
import React from "react";
import { Button } from "react-bootstrap";
import { patchComponent } from "../plugins/patch.tsx";
import { Icon } from "./Icon.tsx";

export interface RatingProps {
  value: number | null | undefined;
  onSetRating?: (value: number | null) => void;
  disabled?: boolean;
  clickToRate?: boolean;
  withoutContext?: boolean;
}

const STARS = [1, 2, 3, 4, 5];

const RatingStars = patchComponent<RatingProps>("RatingStars", ({ value, onSetRating, disabled }) => (
  <div className="rating-stars">
    {STARS.map((star) => (
      <Button
        key={star}
        disabled={disabled || !onSetRating}
        className="minimal"
        variant="secondary"
        title={String(star)}
        onClick={() => onSetRating?.((value ?? 0) === star * 20 ? null : star * 20)}
      >
        <Icon icon={(value ?? 0) >= star * 20 ? faStar : faStarEmpty} className="set" />
      </Button>
    ))}
  </div>
));

export const RatingSystem = patchComponent<RatingProps>("RatingSystem", (props) => <RatingStars {...props} />);
