/** The only caller of the plugin. Its answers are checked here, so that everything behind can rely on their types. */
import { ApolloError, gql } from "@apollo/client";
import * as v from "valibot";
import { apolloClient } from "./host/pluginApi.ts";
import { SCHEMAS } from "./schemas/index.ts";

export const PLUGIN_ID = "stash-sense-native";

export type Schemas = typeof SCHEMAS;
export type OperationName = keyof Schemas;
export type Arguments<Name extends OperationName> = v.InferInput<Schemas[Name]["args"]>;
export type Output<Name extends OperationName> = v.InferOutput<Schemas[Name]["output"]>;

/**
 * Why an operation gave nothing. kind: "refused" (the plugin said no, `message` is its sentence), "unreachable" (Stash
 * did not answer), "signed_out" (Stash wants a login), "outdated" (the plugin is of another version than this page),
 * "unexpected" (an answer that this version does not understand), "cancelled".
 */
export class OperationError extends Error {
  readonly kind: "refused" | "unreachable" | "signed_out" | "outdated" | "unexpected" | "cancelled";
  readonly operation: string;

  constructor(kind: OperationError["kind"], operation: string, message: string) {
    super(message);
    this.name = "OperationError";
    this.kind = kind;
    this.operation = operation;
  }
}

const RUN = gql`
  mutation StashSenseOperation($plugin_id: ID!, $args: Map) {
    runPluginOperation(plugin_id: $plugin_id, args: $args)
  }
`;

/** Bytes of all requests together that a browser still sends for a page that is gone: 64 KiB. */
const SURVIVES_CHARACTERS = 15_000;

/**
 * Run an operation of the plugin: a process on Stash's machine, 0.1 to 0.5 s. Rejects with OperationError.
 *
 * Aborting a call kills that process, and so does closing the page. So hand a signal to what only reads; what writes is
 * left to end, even where the page is closed meanwhile.
 */
export async function call<Name extends OperationName>(
  name: Name,
  args: Arguments<Name>,
  signal?: AbortSignal,
): Promise<Output<Name>> {
  let answer: unknown;
  const survives = !signal && JSON.stringify(args).length < SURVIVES_CHARACTERS;
  const fetchOptions = signal ? { signal } : survives ? { keepalive: true } : {};
  try {
    const reply = await apolloClient().mutate({
      mutation: RUN,
      variables: { plugin_id: PLUGIN_ID, args: { operation: name, ...args } },
      fetchPolicy: "no-cache",
      context: { fetchOptions },
    });
    answer = reply.data?.runPluginOperation;
  } catch (error) {
    throw asOperationError(name, error, signal);
  }
  const parsed = v.safeParse(SCHEMAS[name].output, answer);
  if (parsed.success) return parsed.output as Output<Name>;
  const where = v.getDotPath(parsed.issues[0]) ?? "all of it";
  throw new OperationError("unexpected", name, `${where}: ${parsed.issues[0].message}`);
}

/** As the plugin refuses what another version of this page asks for: an open page outlives an update of the plugin. */
const OTHER_VERSION = /\bno operation is named\b|\bknows no argument\b/;

function asOperationError(name: string, error: unknown, signal?: AbortSignal): OperationError {
  if (signal?.aborted) return new OperationError("cancelled", name, "cancelled");
  if (error instanceof ApolloError && error.graphQLErrors.length > 0) {
    const said = error.graphQLErrors.map((one) => one.message).join("; ");
    return new OperationError(OTHER_VERSION.test(said) ? "outdated" : "refused", name, said);
  }
  const reply = error instanceof ApolloError ? error.networkError : undefined;
  if (reply && "statusCode" in reply && (reply.statusCode === 401 || reply.statusCode === 403)) {
    return new OperationError("signed_out", name, reply.message);
  }
  return new OperationError("unreachable", name, error instanceof Error ? error.message : String(error));
}
