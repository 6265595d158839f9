package io.sensorium.host.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Where the command {@code sensorium} enters. */
public final class Main {
  private static final long SECONDS_TO_STOP = 30;

  private Main() {}

  /**
   * Runs one command and ends the process with its exit code; with 128 and the signal's number if a
   * signal ended it.
   */
  public static void main(String[] arguments) throws InterruptedException {
    quietLogs(arguments);
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    CommandContext context = new CommandContext(out, err, Main::isTerminal, new HomeConnector());
    CountDownLatch finished = new CountDownLatch(1);
    AtomicInteger signalled = new AtomicInteger();
    Signals.onEnd(
        exitCode -> {
          if (!signalled.compareAndSet(0, exitCode)) {
            Runtime.getRuntime().halt(exitCode);
          }
          stopCleanly(context, finished, exitCode);
        });
    int code = new CommandLineRunner(context).run(arguments);
    finished.countDown();
    System.exit(signalled.get() == 0 ? code : signalled.get());
  }

  /**
   * The command is told to stop and given time to. What does not stop then is abandoned, without
   * the hooks that would free what it works with.
   */
  private static void stopCleanly(CommandContext context, CountDownLatch finished, int exitCode) {
    try {
      context.interrupt();
      if (finished.await(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
        return;
      }
      context.warn("it did not stop within %d s".formatted(SECONDS_TO_STOP));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(exitCode);
  }

  @SuppressWarnings("SystemConsoleNull") // JDK 25 answers null again where nobody watches
  private static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /**
   * The standard error belongs to one clear line, unless the host stays or somebody wants to see.
   */
  private static void quietLogs(String[] arguments) {
    boolean verbose = Arrays.asList(arguments).contains("--verbose");
    boolean stays = Arrays.asList(arguments).contains("run");
    String level = verbose ? "debug" : stays ? "warn" : "off";
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", level);
    // Its progress is told nowhere else while a host stays.
    System.setProperty(
        "org.slf4j.simpleLogger.log.io.sensorium.host.reembedding",
        verbose || stays ? "info" : "off");
    // It looks for CUDA at every start, and warns where there is none.
    System.setProperty("org.slf4j.simpleLogger.log.ai.djl", verbose ? "info" : "error");
    Logger.getLogger("").setLevel(verbose ? Level.INFO : stays ? Level.WARNING : Level.OFF);
    System.setProperty("org.slf4j.simpleLogger.showDateTime", "true");
    System.setProperty("org.slf4j.simpleLogger.dateTimeFormat", "HH:mm:ss.SSS");
  }
}
