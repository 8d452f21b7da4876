import React, { useEffect, useState } from "react";
import { Button, Form } from "react-bootstrap";

const FILTERS = ["brightness", "contrast", "saturate"] as const;
type Values = Record<(typeof FILTERS)[number], number>;
const PLAIN: Values = { brightness: 100, contrast: 100, saturate: 100 };

export function FilterPanel({ getVideo }: { getVideo: () => HTMLVideoElement | undefined }) {
  const [values, setValues] = useState(PLAIN);
  useEffect(() => {
    const video = getVideo();
    if (video) video.style.filter = FILTERS.map((name) => `${name}(${values[name]}%)`).join(" ");
  }, [getVideo, values]);
  return (
    <div className="container scene-video-filter">
      <h5>Filters</h5>
      {FILTERS.map((name) => (
        <Form.Group key={name} className="row form-group">
          <span className="col-sm-3">{name}</span>
          <Form.Control
            className="filter-slider d-inline-flex ml-sm-3 col"
            type="range"
            aria-label={name}
            min={0}
            max={200}
            value={values[name]}
            onChange={(event) => setValues({ ...values, [name]: Number(event.currentTarget.value) })}
          />
        </Form.Group>
      ))}
      <Button onClick={() => setValues(PLAIN)}>Reset</Button>
    </div>
  );
}
