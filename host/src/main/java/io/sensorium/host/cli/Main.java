package io.sensorium.host.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Where the command {@code sensorium} enters. */
public final class Main {
  private static final long SECONDS_TO_STOP = 30;

  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) throws InterruptedException {
    quietLogs(arguments);
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    CommandContext context = new CommandContext(out, err, Main::isTerminal, new HomeConnector());
    CountDownLatch finished = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("sensorium-interrupted")
                .unstarted(() -> stopCleanly(context, finished)));
    int code = new CommandLineRunner(context).run(arguments);
    finished.countDown();
    System.exit(code);
  }

  /**
   * On Ctrl-C the command is told to stop and given time to; at a usual end there is nothing to do.
   */
  private static void stopCleanly(CommandContext context, CountDownLatch finished) {
    if (finished.getCount() == 0) {
      return;
    }
    context.interrupt();
    try {
      finished.await(SECONDS_TO_STOP, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
