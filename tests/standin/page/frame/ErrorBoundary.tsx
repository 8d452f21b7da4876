import React, { Component, type ReactNode } from "react";

interface State {
  error?: Error;
  stack?: string;
}

/** What is shown instead of a page in which something threw. */
export class ErrorBoundary extends Component<{ children?: ReactNode }, State> {
  override state: State = {};

  override componentDidCatch(error: Error, info: React.ErrorInfo): void {
    this.setState({ error, stack: info.componentStack });
  }

  override render(): ReactNode {
    const { error, stack } = this.state;
    if (!error) return this.props.children;
    return (
      <div className="error-boundary">
        <h1>Something went wrong.</h1>
        <pre>
          {String(error)}
          {stack}
        </pre>
      </div>
    );
  }
}
