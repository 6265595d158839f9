package io.sensorium.host.launch;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.apache.felix.framework.Logger;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.osgi.service.log.FormatterLogger;
import org.osgi.service.log.LogService;
import org.slf4j.LoggerFactory;

/**
 * Sends what Felix, SCR and File Install have to say to SLF4J; left alone they print to the
 * standard output, which belongs to the command. Thread-safe.
 */
final class FrameworkLog extends Logger {
  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger("io.sensorium.framework");
  private static final int ERROR = 1;
  private static final int WARNING = 2;
  private static final int INFO = 3;

  @Override
  @SuppressWarnings("rawtypes") // Felix declares it so.
  protected void doLog(
      Bundle bundle, ServiceReference service, int level, String message, Throwable cause) {
    doLog(level, bundle == null ? message : bundle + ": " + message, cause);
  }

  @Override
  protected void doLog(int level, String message, Throwable cause) {
    log(LOG, level, message, cause);
  }

  /** A log service for bundles, in front of SLF4J. */
  static LogService service() {
    return (LogService)
        Proxy.newProxyInstance(
            FrameworkLog.class.getClassLoader(),
            new Class<?>[] {LogService.class},
            (proxy, method, arguments) -> answerService(proxy, method, arguments));
  }

  private static Object answerService(Object proxy, Method method, Object[] arguments) {
    return switch (method.getName()) {
      case "getLogger" -> logger(nameOf(arguments));
      case "log" -> {
        logLegacy(arguments);
        yield null;
      }
      default -> identity(proxy, method, arguments);
    };
  }

  private static String nameOf(Object[] arguments) {
    for (Object argument : arguments) {
      if (argument instanceof String name) {
        return name;
      }
      if (argument instanceof Class<?> type
          && !org.osgi.service.log.Logger.class.isAssignableFrom(type)) {
        return type.getName();
      }
    }
    return LOG.getName();
  }

  private static void logLegacy(Object[] arguments) {
    int level = INFO;
    String message = "";
    Throwable cause = null;
    for (Object argument : arguments) {
      switch (argument) {
        case Integer given -> level = given;
        case String given -> message = given;
        case Throwable given -> cause = given;
        case null, default -> {}
      }
    }
    log(LOG, level, message, cause);
  }

  private static Object logger(String name) {
    org.slf4j.Logger target = LoggerFactory.getLogger(name);
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          if (method.getDeclaringClass() == Object.class || method.getName().equals("getName")) {
            return method.getName().equals("getName") ? name : identity(proxy, method, arguments);
          }
          String wanted = method.getName().equals("audit") ? "info" : method.getName();
          try {
            return org.slf4j.Logger.class
                .getMethod(wanted, method.getParameterTypes())
                .invoke(target, arguments);
          } catch (NoSuchMethodException e) {
            return null;
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        };
    return Proxy.newProxyInstance(
        FrameworkLog.class.getClassLoader(), new Class<?>[] {FormatterLogger.class}, handler);
  }

  private static Object identity(Object proxy, Method method, Object[] arguments) {
    return switch (method.getName()) {
      case "hashCode" -> System.identityHashCode(proxy);
      case "equals" -> proxy == arguments[0];
      case "toString" -> "log service over SLF4J";
      default -> null;
    };
  }

  /** One line; the stack trace is for whoever asked for details. */
  private static void log(org.slf4j.Logger target, int level, String message, Throwable cause) {
    Throwable shown = target.isDebugEnabled() ? cause : null;
    String line = cause == null || shown != null ? message : message + ": " + Problems.line(cause);
    switch (level) {
      case ERROR -> target.error(line, shown);
      case WARNING -> target.warn(line, shown);
      case INFO -> target.info(line, shown);
      default -> target.debug(line, shown);
    }
  }
}
