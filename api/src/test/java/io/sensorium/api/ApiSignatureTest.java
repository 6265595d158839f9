package io.sensorium.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Exported signatures name only JDK types and the API's own; arrays appear only as varargs. */
class ApiSignatureTest {
  @Test
  void exportedSignaturesNameOnlyJdkAndApiTypes() throws Exception {
    List<String> offences = new ArrayList<>();
    List<Class<?>> classes = apiClasses();
    for (Class<?> type : classes) {
      for (Method method : type.getDeclaredMethods()) {
        if (isExported(method) && !isEnumValues(type, method)) {
          check(method, method.getGenericReturnType(), false, offences);
          checkParameters(method, offences);
        }
      }
      for (Constructor<?> constructor : type.getDeclaredConstructors()) {
        if (isExported(constructor)) {
          checkParameters(constructor, offences);
        }
      }
    }
    assertThat(classes).hasSizeGreaterThan(30);
    assertThat(offences).isEmpty();
  }

  private static void checkParameters(Executable executable, List<String> offences) {
    Type[] parameters = executable.getGenericParameterTypes();
    for (int i = 0; i < parameters.length; i++) {
      boolean varargs = executable.isVarArgs() && i == parameters.length - 1;
      check(executable, parameters[i], varargs, offences);
    }
  }

  private static void check(
      Executable where, Type type, boolean arrayAllowed, List<String> offences) {
    switch (type) {
      case Class<?> c when c.isArray() -> {
        if (!arrayAllowed) {
          offences.add(where + ": raw array " + c.getSimpleName());
        }
      }
      case Class<?> c -> {
        boolean allowed =
            c.isPrimitive()
                || c.getName().startsWith("java.")
                || c.getName().startsWith("io.sensorium.api.");
        if (!allowed) {
          offences.add(where + ": foreign type " + c.getName());
        }
      }
      case ParameterizedType p -> {
        check(where, p.getRawType(), false, offences);
        for (Type argument : p.getActualTypeArguments()) {
          check(where, argument, false, offences);
        }
      }
      case GenericArrayType a -> offences.add(where + ": generic array " + a);
      default -> {}
    }
  }

  private static boolean isExported(Executable executable) {
    return !executable.isSynthetic()
        && (Modifier.isPublic(executable.getModifiers())
            || Modifier.isProtected(executable.getModifiers()));
  }

  private static boolean isEnumValues(Class<?> type, Method method) {
    return type.isEnum() && method.getName().equals("values");
  }

  private static List<Class<?>> apiClasses()
      throws IOException, URISyntaxException, ClassNotFoundException {
    Path root = Path.of(Modality.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<Class<?>> classes = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        String name =
            root.relativize(file).toString().replace('/', '.').replaceAll("\\.class$", "");
        if (!name.endsWith("package-info")) {
          Class<?> type = Class.forName(name);
          if (Modifier.isPublic(type.getModifiers())) {
            classes.add(type);
          }
        }
      }
    }
    return classes;
  }
}
