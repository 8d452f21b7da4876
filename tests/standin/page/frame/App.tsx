import { ApolloProvider, useQuery, useSubscription } from "@apollo/client";
import React, { type FC, type PropsWithChildren, Suspense, useEffect } from "react";
import { IntlProvider } from "react-intl";
import { BrowserRouter, useLocation } from "react-router-dom";
import { baseUrl, client } from "../graphql/client.ts";
import { ConfigurationDocument, ScanCompleteSubscribeDocument } from "../graphql/documents.ts";
import type { Configuration } from "../graphql/types.ts";
import { events } from "../plugins/events.ts";
import { patchable } from "../plugins/patch.tsx";
import { ErrorMessage } from "../shared/ErrorMessage.tsx";
import { LoadingIndicator } from "../shared/LoadingIndicator.tsx";
import { ConfigurationContext } from "./ConfigurationContext.ts";
import { ErrorBoundary } from "./ErrorBoundary.tsx";
import { messages } from "./messages.ts";
import { MainNavbar } from "./Navbar.tsx";
import { Pages } from "./Pages.tsx";
import { PluginScripts } from "./PluginScripts.tsx";
import { useGlobalKeys } from "./shortcuts.ts";
import { ToastProvider } from "./Toasts.tsx";

/** Plugins may put something around everything. */
const Container = patchable("App", (({ children }) => <>{children}</>) as FC<PropsWithChildren<unknown>>);

function Frame() {
  useGlobalKeys();
  return (
    <Container>
      <MainNavbar />
      <div className="main container-fluid">
        <Pages />
      </div>
    </Container>
  );
}

function Contents() {
  const location = useLocation();
  useEffect(() => events.tell("location", { location }), [location]);
  useSubscription(ScanCompleteSubscribeDocument, { onData: () => void client.resetStore() });

  const { data, error } = useQuery<{ configuration: Configuration }>(ConfigurationDocument);
  if (error) return <ErrorMessage error={error.message} />;
  if (!data) return <LoadingIndicator />;
  const locale = data.configuration.interface.language?.replace("_", "-") || "en-GB";
  return (
    <IntlProvider locale={locale} messages={messages} onError={() => undefined}>
      <ErrorBoundary>
        <ConfigurationContext.Provider value={data.configuration}>
          <ToastProvider>
            <PluginScripts>
              <Suspense fallback={<LoadingIndicator />}>
                <Frame />
              </Suspense>
            </PluginScripts>
          </ToastProvider>
        </ConfigurationContext.Provider>
      </ErrorBoundary>
    </IntlProvider>
  );
}

export function App() {
  return (
    <ErrorBoundary>
      <ApolloProvider client={client}>
        <BrowserRouter basename={baseUrl()}>
          <Contents />
        </BrowserRouter>
      </ApolloProvider>
    </ErrorBoundary>
  );
}
