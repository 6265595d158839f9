package io.sensorium.index.lucene;

import java.io.IOException;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene104.Lucene104HnswScalarQuantizedVectorsFormat;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;
import org.apache.lucene.util.quantization.QuantizedByteVectorValues.ScalarEncoding;

/**
 * Lucene's codec with vectors quantised to 8 bits in a graph (HNSW: Malkov and Yashunin 2018), the
 * full floats beside them. Segments are read by the format that they name, so what differs here,
 * the largest dimension, concerns writing alone.
 */
final class VectorCodec extends Lucene104Codec {
  static final int MAXIMUM_DIMENSION = 4_096;

  /** Segments of so few documents are compared one by one; only merges build graphs. */
  static final int DOCUMENTS_WITHOUT_GRAPH = 4_096;

  private static final int NEIGHBOURS = 16;
  private static final int CANDIDATES = 100;

  /** Lucene builds no graph for n vectors while this times ln n is more than n. */
  private static final int TINY_SEGMENT = 500;

  private final KnnVectorsFormat format = new WideFormat();

  @Override
  public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
    return format;
  }

  private static final class WideFormat extends KnnVectorsFormat {
    private final KnnVectorsFormat lucene =
        new Lucene104HnswScalarQuantizedVectorsFormat(
            ScalarEncoding.UNSIGNED_BYTE, NEIGHBOURS, CANDIDATES, 1, null, TINY_SEGMENT);

    WideFormat() {
      super(Lucene104HnswScalarQuantizedVectorsFormat.NAME);
    }

    @Override
    public KnnVectorsWriter fieldsWriter(SegmentWriteState state) throws IOException {
      return lucene.fieldsWriter(state);
    }

    @Override
    public KnnVectorsReader fieldsReader(SegmentReadState state) throws IOException {
      return lucene.fieldsReader(state);
    }

    @Override
    public int getMaxDimensions(String fieldName) {
      return MAXIMUM_DIMENSION;
    }
  }
}
