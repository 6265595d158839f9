package io.sensorium.index.lucene;

import io.sensorium.api.Modality;
import io.sensorium.api.StorageException;
import io.sensorium.api.index.IndexEntry;
import io.sensorium.api.index.IndexQuery;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.SpaceId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.BytesRef;

/**
 * How an entry becomes a Lucene document: terms to filter by, words to rank by, one vector field a
 * space, and the whole entry as stored bytes. Thread-safe.
 */
final class DocumentMapping {
  static final String ID = "id";
  static final String WORDS = "words";
  static final String MODALITY = "modality";

  private static final String METADATA = "metadata";
  private static final String ENTRY = "entry";
  private static final String VECTOR = "vector:";
  private static final int LONGEST_TERM_CHARACTERS = 1024;

  private DocumentMapping() {}

  static Document document(Change change, IndexEntry entry) {
    Document document = new Document();
    document.add(new StringField(ID, entry.id(), Field.Store.NO));
    document.add(new StringField(MODALITY, entry.modality().name(), Field.Store.NO));
    entry
        .metadata()
        .forEach(
            (key, value) ->
                document.add(new StringField(METADATA, metadataTerm(key, value), Field.Store.NO)));
    document.add(new TextField(WORDS, entry.text(), Field.Store.NO));
    document.add(new TextField(WORDS, pathWords(entry.path()), Field.Store.NO));
    document.add(new StoredField(ENTRY, change.bytes()));
    Embedding embedding = entry.embedding();
    if (embedding.norm() > 0) {
      document.add(
          new KnnFloatVectorField(
              vectorField(embedding.space()),
              unitComponents(embedding),
              VectorSimilarityFunction.DOT_PRODUCT));
    }
    return document;
  }

  static IndexEntry entry(StoredFields stored, int document) throws IOException {
    BytesRef bytes = stored.document(document, Set.of(ENTRY)).getBinaryValue(ENTRY);
    if (bytes == null) {
      throw new StorageException("document %d of the index has no item".formatted(document));
    }
    return EntryCodec.decode(BytesRef.deepCopyOf(bytes).bytes, "the index");
  }

  static Term idTerm(String id) {
    return new Term(ID, id);
  }

  static String vectorField(SpaceId space) {
    return VECTOR + space;
  }

  /** The space whose vectors a field holds. */
  static SpaceId space(String vectorField) {
    String space = vectorField.substring(VECTOR.length());
    int at = space.indexOf('@');
    return new SpaceId(space.substring(0, at), space.substring(at + 1));
  }

  static Query modalityQuery(String modality) {
    return new TermQuery(new Term(MODALITY, modality));
  }

  /** Answers whether a Lucene field holds the vectors of some space. */
  static boolean isVectorField(String field) {
    return field.startsWith(VECTOR);
  }

  /** The components of the embedding scaled to length 1. */
  static float[] unitComponents(Embedding embedding) {
    Embedding unit = embedding.normalized();
    float[] components = new float[unit.dimension()];
    unit.values().get(components);
    return components;
  }

  /** The query's filters; empty if everything passes. */
  static Optional<Query> filter(IndexQuery query) {
    BooleanQuery.Builder filters = new BooleanQuery.Builder();
    if (!query.modalities().isEmpty()) {
      filters.add(
          new TermInSetQuery(
              MODALITY,
              query.modalities().stream().map(Modality::name).map(BytesRef::new).toList()),
          BooleanClause.Occur.FILTER);
    }
    for (Map.Entry<String, String> fact : query.where().entrySet()) {
      if (query.where().size() > IndexSearcher.getMaxClauseCount() - 1) {
        throw new IllegalArgumentException(
            "at most %d metadata filters are possible; got %d"
                .formatted(IndexSearcher.getMaxClauseCount() - 1, query.where().size()));
      }
      filters.add(
          new TermQuery(new Term(METADATA, metadataTerm(fact.getKey(), fact.getValue()))),
          BooleanClause.Occur.FILTER);
    }
    BooleanQuery all = filters.build();
    return all.clauses().isEmpty() ? Optional.empty() : Optional.of(all);
  }

  /** File names glue words with signs that the analyzer would keep: {@code red_bell.png}. */
  static String pathWords(String path) {
    return path.replaceAll("[^\\p{L}\\p{N}]+", " ").strip();
  }

  /**
   * Keys hold neither {@code =} nor {@code #}, so a term stands for one pair; Lucene limits the
   * length of terms and writes UTF-8, so other values go by their hash.
   */
  private static BytesRef metadataTerm(String key, String value) {
    boolean plain =
        value.length() <= LONGEST_TERM_CHARACTERS
            && StandardCharsets.UTF_8.newEncoder().canEncode(value);
    return new BytesRef(plain ? key + "=" + value : key + "#" + hash(value));
  }

  private static String hash(String value) {
    try {
      byte[] units = new byte[Character.BYTES * value.length()];
      java.nio.ByteBuffer.wrap(units).asCharBuffer().put(value);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(units));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
