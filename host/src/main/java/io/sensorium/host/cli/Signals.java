package io.sensorium.host.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * The signals that end a process, heard instead of the JVM: it would run all shutdown hooks at
 * once, and ONNX Runtime's frees what sessions need that are just being opened. Where signals
 * cannot be heard, with {@code -Xrs} for instance, the JVM ends as usual.
 */
final class Signals {
  /** What a shell adds a signal's number to. */
  private static final int SIGNALLED = 128;

  private static final List<String> ENDING = List.of("INT", "TERM", "HUP");

  private Signals() {}

  /**
   * Has each signal that ends a process told from now on, on a thread of its own.
   *
   * @param action hears the exit code that says which signal it was
   */
  static void onEnd(IntConsumer action) {
    ENDING.forEach(name -> hear(name, action));
  }

  // By reflection: the compiler warns of the type, which is public in the module jdk.unsupported.
  private static void hear(String name, IntConsumer action) {
    try {
      Class<?> type = Class.forName("sun.misc.Signal");
      Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
      Object signal = type.getConstructor(String.class).newInstance(name);
      int exitCode = SIGNALLED + (Integer) type.getMethod("getNumber").invoke(signal);
      InvocationHandler handling =
          (self, method, arguments) ->
              switch (method.getName()) {
                case "handle" -> {
                  action.accept(exitCode);
                  yield null;
                }
                case "equals" -> self == arguments[0];
                case "hashCode" -> System.identityHashCode(self);
                default -> name;
              };
      Object handler =
          Proxy.newProxyInstance(
              handlerType.getClassLoader(), new Class<?>[] {handlerType}, handling);
      type.getMethod("handle", type, handlerType).invoke(null, signal, handler);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      System.getLogger(Signals.class.getName())
          .log(System.Logger.Level.DEBUG, "the signal {0} is left to the JVM: {1}", name, e);
    }
  }
}
