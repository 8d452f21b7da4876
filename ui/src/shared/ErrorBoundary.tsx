import React, { Component, type ReactNode } from "react";
import { report } from "./report.ts";

interface Props {
  feature: string;
  /** What stands there instead; default: nothing. */
  instead?: (error: Error) => ReactNode;
  children?: ReactNode;
}

/** Keeps what breaks in a feature from Stash's page, which would be blank otherwise. */
export class ErrorBoundary extends Component<Props, { error?: Error }> {
  override state: { error?: Error } = {};

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override componentDidCatch(error: Error) {
    report(this.props.feature, error);
  }

  override render(): ReactNode {
    if (!this.state.error) return <>{this.props.children}</>;
    return this.props.instead?.(this.state.error) ?? null;
  }
}
