/** The one Apollo client: normalised cache, HTTP for questions, a WebSocket for subscriptions. */
import {
  ApolloClient,
  ApolloLink,
  type FieldFunctionOptions,
  HttpLink,
  InMemoryCache,
  type Reference,
  split,
} from "@apollo/client";
import { onError } from "@apollo/client/link/error";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { getMainDefinition } from "@apollo/client/utilities";
import { createClient } from "graphql-ws";

/** Where the page lies, with a slash at its end. */
export function baseUrl(): string {
  return document.querySelector("base")?.getAttribute("href") ?? "/";
}

/** findScene(id: 1) is Scene:1 itself, whoever brought it in; without it, it is asked for. */
function entity(typename: string) {
  return (existing: unknown, { args, canRead, toReference }: FieldFunctionOptions) => {
    const reference = args?.id === undefined ? undefined : toReference({ __typename: typename, id: args.id });
    return reference && canRead(reference) ? reference : canRead(existing as Reference) ? existing : undefined;
  };
}

/** What was evicted reads as null, not as missing. */
function orNull(existing: Reference | null | undefined, { canRead }: FieldFunctionOptions) {
  return existing && !canRead(existing) ? null : existing;
}

const replaced = { merge: false } as const;

function makeCache(): InMemoryCache {
  const entities = ["Scene", "Image", "Gallery", "Performer", "Studio", "Tag", "Group"];
  const fields = Object.fromEntries(entities.map((name) => [`find${name}`, { read: entity(name) }]));
  const lists = { tags: replaced, performers: replaced, galleries: replaced, files: replaced };
  return new InMemoryCache({
    possibleTypes: {
      BaseFile: ["VideoFile", "ImageFile", "GalleryFile", "BasicFile"],
      VisualFile: ["VideoFile", "ImageFile"],
    },
    typePolicies: {
      Query: { fields: { ...fields, configuration: replaced, plugins: replaced, sceneMarkerTags: replaced } },
      Scene: {
        fields: {
          ...lists,
          scene_markers: replaced,
          studio: { read: orNull },
          play_history: replaced,
          o_history: replaced,
        },
      },
      Image: { fields: { ...lists, visual_files: replaced, studio: { read: orNull } } },
      Gallery: { fields: { ...lists, studio: { read: orNull } } },
      SceneMarker: { fields: { tags: replaced } },
      Tag: { fields: { parents: replaced, children: replaced } },
      ConfigResult: { fields: { ui: replaced, plugins: replaced } },
    },
  });
}

function makeClient() {
  const url = new URL(`${baseUrl()}graphql`, window.location.href);
  const webSocketUrl = Object.assign(new URL(url), { protocol: url.protocol.replace("http", "ws") }).href;
  const toLogin = onError(({ networkError }) => {
    if (networkError && "statusCode" in networkError && networkError.statusCode === 401) {
      const back = encodeURIComponent(window.location.href.slice(window.location.origin.length));
      window.location.replace(`${baseUrl()}login?returnURL=${back}`);
    }
  });
  const subscriptions = new GraphQLWsLink(
    createClient({ url: webSocketUrl, retryAttempts: Number.POSITIVE_INFINITY, shouldRetry: () => true }),
  );
  const isSubscription = ({ query }: { query: Parameters<typeof getMainDefinition>[0] }) => {
    const definition = getMainDefinition(query);
    return definition.kind === "OperationDefinition" && definition.operation === "subscription";
  };
  return new ApolloClient({
    link: ApolloLink.from([toLogin, split(isSubscription, subscriptions, new HttpLink({ uri: url.href }))]),
    cache: makeCache(),
  });
}

export const client = makeClient();
