package io.sensorium.host.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sensorium.host.operations.Call;
import io.sensorium.host.operations.HostOperations;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/** What commands work with: the options, the output, the way to the host. */
public final class CommandContext {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration USUAL_TIMEOUT = Duration.ofMinutes(1);
  private static final Duration LONG_TIMEOUT = Duration.ofMinutes(30);

  private final GlobalOptions options;
  private final PrintWriter out;
  private final PrintWriter err;
  private final BooleanSupplier terminal;
  private final HostConnector connector;
  private final Map<String, String> environment;
  private final AtomicReference<Runnable> interruption = new AtomicReference<>(() -> {});
  private volatile boolean interrupted;

  /**
   * @param terminal answers whether a person watches; asked only by who needs to know
   */
  public CommandContext(
      PrintWriter out, PrintWriter err, BooleanSupplier terminal, HostConnector connector) {
    this(out, err, terminal, connector, System.getenv());
  }

  /** A context with other variables than the process's, for what reads them from here. */
  CommandContext(
      PrintWriter out,
      PrintWriter err,
      BooleanSupplier terminal,
      HostConnector connector,
      Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
    this.options = new GlobalOptions();
    this.out = out;
    this.err = err;
    this.terminal = terminal;
    this.connector = connector;
  }

  /** Options that every command takes. */
  public GlobalOptions options() {
    return options;
  }

  /** Where results go. */
  public PrintWriter out() {
    return out;
  }

  /** Where messages and progress go. */
  public PrintWriter err() {
    return err;
  }

  /** The environment's variables. */
  Map<String, String> environment() {
    return environment;
  }

  /** Tells what the user should know though the command goes on. */
  void warn(String line) {
    err.println("sensorium: " + line);
  }

  /** Whether a person watches. */
  public boolean isTerminal() {
    return terminal.getAsBoolean();
  }

  /** Prints a value as one line of JSON. */
  public void printJson(Object value) {
    try {
      out.println(JSON.writeValueAsString(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a result cannot be written as JSON: " + e, e);
    }
  }

  /** Asks the host something that takes a moment, and prints the answer. */
  <R> int answer(
      boolean needsEncoders, BiFunction<HostOperations, Call, R> question, Consumer<R> text) {
    return answer(needsEncoders, usualCall(), question, text, result -> ExitCode.OK);
  }

  /** A call that takes a moment. */
  static Call usualCall() {
    return Call.within(USUAL_TIMEOUT);
  }

  /** A call that may take long: it runs or hashes whole models. */
  static Call longCall() {
    return Call.within(LONG_TIMEOUT);
  }

  /** Asks the host something, prints the answer as JSON or text, and answers the exit code. */
  <R> int answer(
      boolean needsEncoders,
      Call call,
      BiFunction<HostOperations, Call, R> question,
      Consumer<R> text,
      ToIntFunction<R> exitCode) {
    onInterruption(call.context()::cancel);
    R result;
    try (HostOperations host = connector.connect(options, needsEncoders)) {
      result = question.apply(host, call);
    }
    if (options.json()) {
      printJson(result);
    } else {
      text.accept(result);
    }
    return exitCode.applyAsInt(result);
  }

  /** Reaches the host, for a command that asks it several things; the caller closes it. */
  HostOperations connect(boolean needsEncoders) {
    return connector.connect(options, needsEncoders);
  }

  /** What Ctrl-C does, instead of what it did; at once if it was pressed already. */
  void onInterruption(Runnable action) {
    interruption.set(action);
    if (interrupted) {
      action.run();
    }
  }

  /** Somebody pressed Ctrl-C. */
  void interrupt() {
    interrupted = true;
    interruption.get().run();
  }

  /** Whether somebody has. */
  boolean isInterrupted() {
    return interrupted;
  }
}
