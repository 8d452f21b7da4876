/** Rows of settings pages: words on the left, a control on the right. */
import { faChevronDown, faChevronUp, faPencilAlt } from "@fortawesome/free-solid-svg-icons";
import React, { type PropsWithChildren, type ReactNode, useState } from "react";
import { Button, Collapse, Form, Modal } from "react-bootstrap";
import { patchComponent } from "../plugins/patch.tsx";
import { Icon } from "../shared/Icon.tsx";
import { useSettings } from "./context.ts";

export interface SettingProps {
  id?: string;
  className?: string;
  heading?: ReactNode;
  headingID?: string;
  subHeading?: ReactNode;
  subHeadingID?: string;
  tooltipID?: string;
  onClick?: React.MouseEventHandler<HTMLDivElement>;
  disabled?: boolean;
  advanced?: boolean;
}

export const Setting = patchComponent<PropsWithChildren<SettingProps>>("Setting", (props) => {
  const { id, className, heading, subHeading, children, onClick, disabled } = props;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the control inside does the same.
    // biome-ignore lint/a11y/useKeyWithClickEvents: as above.
    <div className={`setting ${className ?? ""} ${disabled ? "disabled" : ""}`} id={id} onClick={onClick}>
      <div>
        <h3>{heading ?? props.headingID}</h3>
        {(subHeading ?? props.subHeadingID) && <div className="sub-heading">{subHeading ?? props.subHeadingID}</div>}
      </div>
      <div>{children}</div>
    </div>
  );
});

export interface SettingGroupProps {
  settingProps?: SettingProps;
  topLevel?: ReactNode;
  collapsible?: boolean;
  collapsedDefault?: boolean;
}

export const SettingGroup = patchComponent<PropsWithChildren<SettingGroupProps>>(
  "SettingGroup",
  ({ settingProps, topLevel, collapsible, collapsedDefault, children }) => {
    const [open, setOpen] = useState(!collapsedDefault);
    return (
      <div className={`setting-group ${collapsible ? "collapsible" : ""}`}>
        <Setting {...settingProps} onClick={collapsible ? () => setOpen(!open) : undefined}>
          {topLevel}
          {collapsible && (
            <Button className="setting-group-collapse-button" variant="minimal" title={open ? "Collapse" : "Expand"}>
              <Icon className="fa-fw" icon={open ? faChevronUp : faChevronDown} />
            </Button>
          )}
        </Setting>
        <Collapse in={open}>
          <div className="collapsible-section">{children}</div>
        </Collapse>
      </div>
    );
  },
);

export interface BooleanSettingProps extends Omit<SettingProps, "onClick"> {
  id: string;
  checked?: boolean;
  onChange: (value: boolean) => void;
}

export const BooleanSetting = patchComponent<BooleanSettingProps>(
  "BooleanSetting",
  ({ id, disabled, checked, onChange, ...rest }) => (
    <Setting {...rest} disabled={disabled}>
      <Form.Check
        type="switch"
        id={id}
        disabled={disabled}
        checked={checked ?? false}
        onChange={() => onChange(!checked)}
      />
    </Setting>
  ),
);

export interface SelectSettingProps extends SettingProps {
  value?: string | number;
  onChange: (value: string) => void;
  children?: ReactNode;
}

export const SelectSetting = patchComponent<SelectSettingProps>(
  "SelectSetting",
  ({ value, children, onChange, id, disabled, ...rest }) => (
    <Setting {...rest} id={id} disabled={disabled}>
      <Form.Control
        className="input-control"
        as="select"
        disabled={disabled}
        value={value ?? ""}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {children}
      </Form.Control>
    </Setting>
  ),
);

export const ConstantSetting = patchComponent<SettingProps & { value?: ReactNode }>(
  "ConstantSetting",
  ({ value, ...rest }) => (
    <Setting {...rest}>
      <div className="value">{value}</div>
    </Setting>
  ),
);

interface ChangeButtonSettingProps<T> extends SettingProps {
  value: T;
  onChange: () => void;
  renderValue?: (value: T | undefined) => ReactNode;
  buttonText?: string;
}

// biome-ignore lint/suspicious/noExplicitAny: a setting's value is of any kind.
export const ChangeButtonSetting = patchComponent<ChangeButtonSettingProps<any>>("ChangeButtonSetting", (props) => {
  const { id, heading, headingID, subHeading, subHeadingID, className, value, onChange, renderValue, disabled } = props;
  const description = subHeading ?? subHeadingID;
  return (
    <div className={`setting ${className ?? ""} ${disabled ? "disabled" : ""}`} id={id}>
      <div>
        <h3>{heading ?? headingID}</h3>
        <div className="value">{renderValue ? renderValue(value) : String(value ?? "")}</div>
        {description && <div className="sub-heading">{description}</div>}
      </div>
      <div>
        <Button onClick={onChange} disabled={disabled} title="Edit">
          {props.buttonText ?? <Icon icon={faPencilAlt} />}
        </Button>
      </div>
    </div>
  );
});

interface SettingModalProps<T> {
  heading?: ReactNode;
  headingID?: string;
  subHeading?: ReactNode;
  value: T | undefined;
  close: (value?: T) => void;
  renderField: (value: T | undefined, setValue: (value?: T) => void) => ReactNode;
}

// biome-ignore lint/suspicious/noExplicitAny: as above.
export const SettingModal = patchComponent<SettingModalProps<any>>("SettingModal", (props) => {
  const [current, setCurrent] = useState(props.value);
  return (
    <Modal show onHide={() => props.close()} id="setting-dialog">
      <Form
        onSubmit={(event) => {
          props.close(current);
          event.preventDefault();
        }}
      >
        <Modal.Header closeButton>{props.heading ?? props.headingID}</Modal.Header>
        <Modal.Body>
          {props.renderField(current, setCurrent)}
          {props.subHeading && <div className="sub-heading">{props.subHeading}</div>}
        </Modal.Body>
        <Modal.Footer>
          <Button variant="secondary" onClick={() => props.close()}>
            Cancel
          </Button>
          <Button type="submit" variant="primary">
            Confirm
          </Button>
        </Modal.Footer>
      </Form>
    </Modal>
  );
});

interface ModalSettingProps<T> extends SettingProps {
  value: T | undefined;
  onChange: (value: T) => void;
  renderField: SettingModalProps<T>["renderField"];
  renderValue?: (value: T | undefined) => ReactNode;
  buttonText?: string;
}

// biome-ignore lint/suspicious/noExplicitAny: as above.
export const ModalSetting = patchComponent<ModalSettingProps<any>>("ModalSetting", (props) => {
  useSettings(); // Throws outside of the settings pages, as Stash's does.
  const [open, setOpen] = useState(false);
  return (
    <>
      {open && (
        <SettingModal
          heading={props.heading}
          headingID={props.headingID}
          subHeading={props.subHeading}
          value={props.value}
          renderField={props.renderField}
          close={(value) => {
            if (value !== undefined) props.onChange(value);
            setOpen(false);
          }}
        />
      )}
      <ChangeButtonSetting {...props} onChange={() => setOpen(true)} />
    </>
  );
});

type TypedSettingProps<T> = Omit<ModalSettingProps<T>, "renderField">;

export const StringSetting = patchComponent<TypedSettingProps<string>>("StringSetting", (props) => (
  <ModalSetting
    {...props}
    renderField={(value, setValue) => (
      <Form.Control
        className="text-input"
        value={value ?? ""}
        onChange={(event) => setValue(event.currentTarget.value)}
      />
    )}
  />
));

export const NumberSetting = patchComponent<TypedSettingProps<number>>("NumberSetting", (props) => (
  <ModalSetting
    {...props}
    renderField={(value, setValue) => (
      <Form.Control
        className="text-input"
        type="number"
        value={value ?? 0}
        onChange={(event) => setValue(Number.parseInt(event.currentTarget.value || "0", 10))}
      />
    )}
  />
));

export const StringListSetting = patchComponent<TypedSettingProps<string[]>>("StringListSetting", (props) => (
  <ModalSetting
    {...props}
    renderValue={(value) => (value ?? []).join(", ")}
    renderField={(value: string[] | undefined, setValue) => (
      <Form.Control
        as="textarea"
        className="text-input"
        value={(value ?? []).join("\n")}
        onChange={(event) => setValue(event.currentTarget.value.split("\n"))}
      />
    )}
  />
));
