package io.sensorium.models.checkpoints;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs one pickle of a state dictionary without letting it do anything. One thread at a time.
 *
 * <p>Pickles are programs: they name functions and have them called. This machine knows the opcodes
 * that PyTorch writes, builds dictionaries, lists, tuples, strings and numbers by itself, and hands
 * every name and every call to {@link TorchObjects}, which knows {@link TorchGlobal}s alone.
 * Attributes are dropped. Values are shared, never copied or walked, so that a pickle costs no more
 * than its opcodes; their number, and those of containers and of values on the stack and in the
 * memo, are limited.
 *
 * <p>The opcodes are described in Python's {@code pickletools} module.
 */
final class PickleMachine {
  /** A tensor takes about 45, so this is for 180,000 of them. */
  private static final int MAX_OPERATIONS = 8 << 20;

  private static final int MAX_STACK = 1 << 20;
  private static final int MAX_MEMO = 1 << 20;
  private static final int MAX_CONTAINERS = 1 << 20;
  private static final int NEWEST_PROTOCOL = 5;

  private final PickleBytes in;
  private final TorchObjects objects;
  private final List<Object> stack = new ArrayList<>();
  private final Map<Integer, Object> memo = new HashMap<>();
  private int containers;

  private PickleMachine(PickleBytes in, TorchObjects objects) {
    this.in = in;
    this.objects = objects;
  }

  /** What stands on the stack for {@code None} and below the values of a list. */
  enum Sign {
    NONE,
    MARK
  }

  /**
   * Runs until the pickle ends.
   *
   * @param in positioned at a pickle; afterwards behind it
   * @param objects what names and calls mean
   * @return a {@link String}, {@link Number}, {@link Boolean}, {@link List}, {@link Map}, {@link
   *     Sign#NONE} or one of {@code objects}
   * @throws io.sensorium.api.ModelLoadException if the pickle is damaged, too large or wants more
   *     than a state dictionary needs
   */
  static Object run(PickleBytes in, TorchObjects objects) {
    PickleMachine machine = new PickleMachine(in, objects);
    for (int operation = 0; operation < MAX_OPERATIONS; operation++) {
      int opcode = in.unsignedByte();
      if (opcode == '.') {
        return machine.pop();
      }
      machine.execute(opcode);
    }
    throw in.wrong("has more than %d opcodes".formatted(MAX_OPERATIONS));
  }

  private void execute(int opcode) {
    if (!constant(opcode) && !containers(opcode) && !bookkeeping(opcode) && !calls(opcode)) {
      throw in.wrong("has opcode 0x%02x, which no state dictionary needs".formatted(opcode));
    }
  }

  private boolean constant(int opcode) {
    switch (opcode) {
      case 'N' -> push(Sign.NONE);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'J' -> push((long) in.integer());
      case 'K' -> push((long) in.unsignedByte());
      case 'M' -> push((long) in.unsignedShort());
      case 0x8a -> push(in.longInteger(in.unsignedByte()));
      case 0x8b -> push(in.longInteger(in.integer()));
      case 'G' -> push(in.decimal());
      case 'X' -> push(in.string(Integer.toUnsignedLong(in.integer())));
      case 0x8c -> push(in.string(in.unsignedByte()));
      case 'T' -> push(in.byteString(Integer.toUnsignedLong(in.integer())));
      case 'U' -> push(in.byteString(in.unsignedByte()));
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean containers(int opcode) {
    switch (opcode) {
      case '}' -> push(counted(new LinkedHashMap<>()));
      case ']' -> push(counted(new ArrayList<>()));
      case ')' -> push(List.of());
      case 't' -> push(counted(List.copyOf(popToMark())));
      case 0x85, 0x86, 0x87 -> push(counted(List.copyOf(popLast(opcode - 0x84))));
      case 'a' -> append(popLast(1));
      case 'e' -> append(popToMark());
      case 's' -> setItems(popLast(2));
      case 'u' -> setItems(popToMark());
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean bookkeeping(int opcode) {
    switch (opcode) {
      case 0x80 -> requireProtocol(in.unsignedByte());
      case 0x95 -> in.skip(Long.BYTES);
      case '(' -> push(Sign.MARK);
      case '0' -> pop();
      case '2' -> push(peek());
      case 'q' -> remember(in.unsignedByte());
      case 'r' -> remember(in.integer());
      case 0x94 -> remember(memo.size());
      case 'h' -> push(recall(in.unsignedByte()));
      case 'j' -> push(recall(in.integer()));
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean calls(int opcode) {
    switch (opcode) {
      case 'c' -> push(objects.global(in, in.line(), in.line()));
      case 0x93 -> {
        Object name = pop();
        Object module = pop();
        if (!(name instanceof String function) || !(module instanceof String owner)) {
          throw in.wrong("names a class by something else than strings");
        }
        push(objects.global(in, owner, function));
      }
      case 'Q' -> push(objects.storage(in, pop()));
      case 'R' -> {
        Object arguments = pop();
        push(counted(objects.call(in, pop(), arguments)));
      }
      case 'b' -> {
        pop();
        if (!(peek() instanceof LinkedHashMap<?, ?>)) {
          throw in.wrong("gives attributes to something else than a dictionary");
        }
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private void requireProtocol(int protocol) {
    if (protocol < 2 || protocol > NEWEST_PROTOCOL) {
      throw in.wrong("is of protocol %d; 2 to %d are read".formatted(protocol, NEWEST_PROTOCOL));
    }
  }

  private void append(List<Object> values) {
    if (!(peek() instanceof ArrayList<?>)) {
      throw in.wrong("appends to something else than a list");
    }
    @SuppressWarnings("unchecked") // lists of this machine hold any object
    List<Object> list = (List<Object>) peek();
    list.addAll(values);
  }

  private void setItems(List<Object> values) {
    if (!(peek() instanceof LinkedHashMap<?, ?>) || values.size() % 2 != 0) {
      throw in.wrong("sets items of something else than a dictionary");
    }
    @SuppressWarnings("unchecked") // dictionaries of this machine map any object to any
    Map<Object, Object> dictionary = (Map<Object, Object>) peek();
    for (int i = 0; i < values.size(); i += 2) {
      Object key = values.get(i);
      if (!(key instanceof String) && !(key instanceof Long)) {
        throw in.wrong("has a dictionary with a key that is neither string nor integer");
      }
      if (dictionary.put(key, values.get(i + 1)) != null) {
        throw in.wrong("has a dictionary with '%s' twice".formatted(key));
      }
    }
  }

  private void remember(int index) {
    memo.put(index, peek());
    if (memo.size() > MAX_MEMO) {
      throw in.wrong("remembers more than %d values".formatted(MAX_MEMO));
    }
  }

  private Object recall(int index) {
    Object value = memo.get(index);
    if (value == null) {
      throw in.wrong("recalls value %d, which it never made".formatted(index));
    }
    return value;
  }

  private void push(Object value) {
    if (stack.size() >= MAX_STACK) {
      throw in.wrong("puts more than %d values on its stack".formatted(MAX_STACK));
    }
    stack.add(value);
  }

  private <T> T counted(T container) {
    containers++;
    if (containers > MAX_CONTAINERS) {
      throw in.wrong("makes more than %d containers".formatted(MAX_CONTAINERS));
    }
    return container;
  }

  private Object peek() {
    if (stack.isEmpty() || stack.getLast() == Sign.MARK) {
      throw in.wrong("takes a value from an empty stack");
    }
    return stack.getLast();
  }

  private Object pop() {
    Object value = peek();
    stack.removeLast();
    return value;
  }

  private List<Object> popLast(int count) {
    return popFrom(stack.size() - count);
  }

  private List<Object> popToMark() {
    int mark = stack.lastIndexOf(Sign.MARK);
    if (mark < 0) {
      throw in.wrong("ends a list that it never began");
    }
    List<Object> values = popFrom(mark + 1);
    stack.removeLast();
    return values;
  }

  /** The values from an index of the stack on, which must not reach beyond a mark. */
  private List<Object> popFrom(int index) {
    if (index < 0 || stack.subList(index, stack.size()).contains(Sign.MARK)) {
      throw in.wrong("takes a value from an empty stack");
    }
    List<Object> tail = stack.subList(index, stack.size());
    List<Object> values = new ArrayList<>(tail);
    tail.clear();
    return values;
  }
}
