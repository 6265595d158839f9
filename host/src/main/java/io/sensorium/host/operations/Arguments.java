package io.sensorium.host.operations;

import io.sensorium.api.model.Precision;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What operations are asked with. Immutable values that travel as JSON; paths are absolute. */
public final class Arguments {
  private Arguments() {}

  /**
   * A sentence or a file.
   *
   * @param modality for instance {@code image}
   * @param text the sentence; null for a file
   * @param file the file's absolute path; null for a sentence
   */
  public record Item(String modality, String text, String file) {
    public Item {
      if (modality == null || (text == null) == (file == null)) {
        throw new IllegalArgumentException("an item needs a modality and either text or a file");
      }
    }

    public static Item text(String text) {
      return new Item("text", text, null);
    }

    public static Item file(String modality, String path) {
      return new Item(modality, null, path);
    }
  }

  /**
   * Which space a request is about: the one named, the one that a model embeds into, or the host's
   * default if both are null.
   */
  public record SpaceChoice(String space, String model) {
    public static final SpaceChoice DEFAULT = new SpaceChoice(null, null);
  }

  /** An item and what its vector is multiplied by. */
  public record Term(Item item, double weight) {}

  /** See {@link io.sensorium.host.api.SearchRequest}. */
  public record SearchArguments(
      List<Term> terms,
      boolean hybrid,
      List<String> modalities,
      Map<String, String> where,
      int top,
      SpaceChoice in) {
    public SearchArguments {
      in = in == null ? SpaceChoice.DEFAULT : in;
      terms = List.copyOf(terms);
      modalities = List.copyOf(modalities);
      where = Map.copyOf(where);
    }
  }

  /** Files and folders to index. */
  public record IndexArguments(List<String> paths, SpaceChoice in) {
    public IndexArguments {
      in = in == null ? SpaceChoice.DEFAULT : in;
      paths = List.copyOf(paths);
    }
  }

  /** Items to embed. */
  public record Items(List<Item> items, SpaceChoice in) {
    public Items {
      in = in == null ? SpaceChoice.DEFAULT : in;
      items = List.copyOf(items);
      if (items.isEmpty()) {
        throw new IllegalArgumentException("at least one item is required");
      }
    }
  }

  /**
   * An item whose features are wanted.
   *
   * @param encoder the package that shall encode it
   * @param tokenOutput the encoder's output with a state for every token
   */
  public record FeatureArguments(Item item, String encoder, String tokenOutput) {
    public FeatureArguments {
      Objects.requireNonNull(item, "item");
      Objects.requireNonNull(encoder, "encoder");
      Objects.requireNonNull(tokenOutput, "tokenOutput");
    }
  }

  /** The name of a model or bundle. */
  public record Name(String name) {
    public Name {
      Objects.requireNonNull(name, "name");
    }
  }

  /** No arguments. */
  public record Nothing() {}

  /** An item and the labels to choose from. */
  public record ClassifyArguments(Item item, List<String> labels, SpaceChoice in) {
    public ClassifyArguments {
      in = in == null ? SpaceChoice.DEFAULT : in;
      labels = List.copyOf(labels);
    }
  }

  /**
   * A checkpoint or package to install.
   *
   * @param id what a checkpoint's package shall be called; null for its folder's name
   * @param space where a checkpoint's embeddings live, {@code name} or {@code name@version}; null
   *     for a space of its own
   * @param acceptNonCommercial whether terms that forbid commercial use are fine
   * @param precision of a checkpoint's weights, {@code fp32}, {@code fp16}, {@code int8} or {@code
   *     int4}; null for fp32
   * @param leastCosine what a lower precision has to keep; null for the usual
   * @param licence the terms of a checkpoint whose card has none; null if nobody knows them
   * @param base the installed model that a low-rank adapter is for; null for the one whose name the
   *     adapter's configuration gives
   */
  public record ImportArguments(
      String path,
      String id,
      String space,
      boolean acceptNonCommercial,
      String precision,
      Double leastCosine,
      String licence,
      String base) {
    public ImportArguments {
      Objects.requireNonNull(path, "path");
      if (precision != null) {
        Precision.parse(precision);
      }
    }

    /** A checkpoint or package with everything else as it says or as usual. */
    public static ImportArguments of(String path, String id) {
      return new ImportArguments(path, id, null, false, null, null, null, null);
    }
  }

  /**
   * A model to verify.
   *
   * @param golden a recording's absolute path; null for the package's own
   */
  public record VerifyArguments(String model, String golden) {}

  /**
   * A model to plan.
   *
   * @param path the absolute path of a checkpoint or package; null for an installed model
   * @param model an installed model's id; null for a path
   * @param precision of a checkpoint's graphs; null for fp32
   * @param batch items in one run
   */
  public record PlanArguments(String path, String model, String precision, int batch) {
    public PlanArguments {
      if ((path == null) == (model == null)) {
        throw new IllegalArgumentException("a plan needs either a path or a model");
      }
      if (precision != null) {
        Precision.parse(precision);
      }
    }
  }

  /** What is wanted of the re-embedding. */
  public record ReembedArguments(ReembedAction action) {
    public ReembedArguments {
      Objects.requireNonNull(action, "action");
    }
  }

  /** What can be wanted of the re-embedding. */
  public enum ReembedAction {
    /** To hear how far it is. */
    STATUS,
    /** That it stops until it is resumed. */
    PAUSE,
    /** That it goes on. */
    RESUME,
    /** That it does everything now. */
    NOW,
    /** The same, and that items are removed that cannot be embedded again. */
    NOW_AND_FORGET
  }

  /**
   * Something new that may have to fit: a path, a model, or neither.
   *
   * @param path the absolute path of a checkpoint or package; null for none
   * @param model an installed model's id; null for none
   * @param precision of a checkpoint; null for fp32
   */
  public record MemoryArguments(String path, String model, String precision) {
    /** Nothing new. */
    public static final MemoryArguments NOTHING_NEW = new MemoryArguments(null, null, null);

    public MemoryArguments {
      if (path != null && model != null) {
        throw new IllegalArgumentException("a plan needs either a path or a model");
      }
      if (precision != null) {
        Precision.parse(precision);
      }
    }
  }

  /**
   * A bundle's jar.
   *
   * @param name which bundle to update; null to install a new one
   */
  public record JarArguments(String name, String jar) {}
}
