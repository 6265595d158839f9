package io.sensorium.runtime.onnx.binding;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sensorium.api.InferenceException;
import io.sensorium.api.ModelLoadException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * The functions of ONNX Runtime's C API that are needed here. Thread-safe; lives as long as the
 * process, as the library does.
 *
 * <p>The API is a table of function pointers that only ever grows at its end, so a function's place
 * is the same in every version since it came.
 */
@SuppressWarnings("restricted") // Native calls are what it is for.
public final class OrtApi {
  /** The version of the table that is asked for; ONNX Runtime gives any up to its own. */
  private static final int VERSION = 23;

  private static final String LIBRARY = "libonnxruntime.so.1";
  private static final long LONGEST_MESSAGE = 1 << 16;

  private final Linker linker = Linker.nativeLinker();
  private final MemorySegment table;
  private final MethodHandle getErrorMessage;
  private final MethodHandle releaseStatus;
  final MethodHandle inputCount;
  final MethodHandle outputCount;
  final MethodHandle optionalInputCount;
  final MethodHandle inputName;
  final MethodHandle outputName;
  final MethodHandle optionalInputName;
  final MethodHandle defaultAllocator;
  final MethodHandle free;
  final MethodHandle createTensor;
  final MethodHandle releaseValue;
  final MethodHandle createMemoryInfo;
  final MethodHandle releaseMemoryInfo;
  final MethodHandle createBinding;
  final MethodHandle releaseBinding;
  final MethodHandle bindInput;
  final MethodHandle bindOutput;
  final MethodHandle run;

  private OrtApi(MemorySegment table) {
    this.table = table;
    getErrorMessage = function(2, FunctionDescriptor.of(ADDRESS, ADDRESS));
    releaseStatus = function(93, FunctionDescriptor.ofVoid(ADDRESS));
    inputCount = status(30, ADDRESS, ADDRESS);
    outputCount = status(31, ADDRESS, ADDRESS);
    optionalInputCount = status(32, ADDRESS, ADDRESS);
    inputName = status(36, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS);
    outputName = status(37, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS);
    optionalInputName = status(38, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS);
    free = status(76, ADDRESS, ADDRESS);
    defaultAllocator = status(78, ADDRESS);
    createTensor = status(49, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS);
    createMemoryInfo = status(68, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
    releaseMemoryInfo = function(94, FunctionDescriptor.ofVoid(ADDRESS));
    releaseValue = function(96, FunctionDescriptor.ofVoid(ADDRESS));
    run = status(133, ADDRESS, ADDRESS, ADDRESS);
    createBinding = status(134, ADDRESS, ADDRESS);
    releaseBinding = function(135, FunctionDescriptor.ofVoid(ADDRESS));
    bindInput = status(136, ADDRESS, ADDRESS, ADDRESS);
    bindOutput = status(137, ADDRESS, ADDRESS, ADDRESS);
  }

  /**
   * Finds the library that is loaded already.
   *
   * @throws ModelLoadException if it is not, or does not know this version of its API
   */
  public static OrtApi load() {
    try {
      // The name under which the dynamic linker knows it: nothing is loaded a second time.
      SymbolLookup library = SymbolLookup.libraryLookup(LIBRARY, Arena.global());
      Linker linker = Linker.nativeLinker();
      MethodHandle getBase =
          linker.downcallHandle(
              library.findOrThrow("OrtGetApiBase"), FunctionDescriptor.of(ADDRESS));
      MemorySegment base = (MemorySegment) getBase.invokeExact();
      MemorySegment getApi = base.reinterpret(ADDRESS.byteSize()).get(ADDRESS, 0);
      MethodHandle versioned =
          linker.downcallHandle(getApi, FunctionDescriptor.of(ADDRESS, JAVA_INT));
      MemorySegment table = (MemorySegment) versioned.invokeExact(VERSION);
      if (table.equals(MemorySegment.NULL)) {
        throw new ModelLoadException(
            "ONNX Runtime must know version %d of its C API; it does not".formatted(VERSION));
      }
      return new OrtApi(table.reinterpret(Long.MAX_VALUE));
    } catch (IllegalArgumentException e) {
      throw new ModelLoadException(LIBRARY + " must be loaded; it is not", e);
    } catch (ModelLoadException e) {
      throw e;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private MethodHandle status(int place, MemoryLayout... arguments) {
    return function(place, FunctionDescriptor.of(ADDRESS, arguments));
  }

  private MethodHandle function(int place, FunctionDescriptor descriptor) {
    MemorySegment address = table.get(ADDRESS, place * ADDRESS.byteSize());
    return linker.downcallHandle(address, descriptor);
  }

  /**
   * Throws what a call answered unless it went well.
   *
   * @param status released here
   */
  void check(MemorySegment status) {
    if (status.equals(MemorySegment.NULL)) {
      return;
    }
    String message;
    try {
      MemorySegment text = (MemorySegment) getErrorMessage.invokeExact(status);
      message = text(text, LONGEST_MESSAGE);
      releaseStatus.invokeExact(status);
    } catch (Throwable e) {
      throw unexpected(e);
    }
    throw new InferenceException(message);
  }

  /** A text that native code owns. */
  String text(MemorySegment address, long longest) {
    return address.reinterpret(longest).getString(0);
  }

  /** What a call of native code can throw only where the call itself is wrong. */
  static IllegalStateException unexpected(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return new IllegalStateException("ONNX Runtime's C API cannot be called", e);
  }
}
