package io.sensorium.host.remote;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.sensorium.host.operations.Arguments;
import io.sensorium.host.operations.AskArguments;
import io.sensorium.host.operations.Call;
import io.sensorium.host.operations.GenerationArguments;
import io.sensorium.host.operations.HostOperations;
import java.util.Map;

/** The lines of protocol 1 and the operations that they may name. */
final class Protocol {
  static final int VERSION = 1;

  /** What every operation is asked with, and how it is answered. */
  static final Map<String, Operation<?>> OPERATIONS =
      Map.ofEntries(
          operation("index", Arguments.IndexArguments.class, HostOperations::index),
          operation("search", Arguments.SearchArguments.class, HostOperations::search),
          operation("embed", Arguments.Items.class, HostOperations::embed),
          operation("features", Arguments.FeatureArguments.class, HostOperations::features),
          operation("classify", Arguments.ClassifyArguments.class, HostOperations::classify),
          operation("generate", GenerationArguments.Generate.class, HostOperations::generate),
          operation("ask", AskArguments.class, HostOperations::ask),
          operation("models", Arguments.Nothing.class, (host, none, call) -> host.models(call)),
          operation("inspectModel", Arguments.Name.class, HostOperations::inspectModel),
          operation("importModel", Arguments.ImportArguments.class, HostOperations::importModel),
          operation("planModel", Arguments.PlanArguments.class, HostOperations::planModel),
          operation("verifyModel", Arguments.VerifyArguments.class, HostOperations::verifyModel),
          operation("removeModel", Arguments.Name.class, HostOperations::removeModel),
          operation("reembed", Arguments.ReembedArguments.class, HostOperations::reembed),
          operation("bundles", Arguments.Nothing.class, (host, none, call) -> host.bundles(call)),
          operation("installBundle", Arguments.JarArguments.class, HostOperations::installBundle),
          operation("updateBundle", Arguments.JarArguments.class, HostOperations::updateBundle),
          operation("removeBundle", Arguments.Name.class, HostOperations::removeBundle),
          operation("doctor", Arguments.Nothing.class, (host, none, call) -> host.doctor(call)),
          operation("memory", Arguments.MemoryArguments.class, HostOperations::memory));

  private Protocol() {}

  private static <A> Map.Entry<String, Operation<?>> operation(
      String name, Class<A> arguments, Answerer<A> answerer) {
    return Map.entry(name, new Operation<>(arguments, answerer));
  }

  /** Answers one operation. */
  @FunctionalInterface
  interface Answerer<A> {
    Object answer(HostOperations host, A arguments, Call call);
  }

  /** An operation and the type of its arguments. */
  record Operation<A>(Class<A> arguments, Answerer<A> answerer) {
    Object answer(HostOperations host, JsonNode json, Call call) {
      A parsed;
      try {
        parsed = JsonLines.MAPPER.convertValue(json, arguments);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("the arguments make no sense: " + e.getMessage(), e);
      }
      if (parsed == null) {
        throw new IllegalArgumentException("the arguments are missing");
      }
      return answerer.answer(host, parsed, call);
    }
  }

  /** What the server says first. */
  record Greeting(String sensorium, int protocol, long process, String device) {}

  /** What a client asks. */
  record Request(long id, String operation, long timeoutMillis, Object arguments) {}

  /** What the server answers: one of the four. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Reply(long id, Object progress, String text, Object result, Failure error) {
    static Reply progress(long id, Object progress) {
      return new Reply(id, progress, null, null, null);
    }

    static Reply text(long id, String piece) {
      return new Reply(id, null, piece, null, null);
    }

    static Reply result(long id, Object result) {
      return new Reply(id, null, null, result, null);
    }

    static Reply error(long id, Failure error) {
      return new Reply(id, null, null, null, error);
    }
  }

  /**
   * A failure that travels.
   *
   * @param kind the exception's simple name
   */
  record Failure(String kind, String message, boolean retriable) {}
}
