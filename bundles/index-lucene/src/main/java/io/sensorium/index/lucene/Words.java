package io.sensorium.index.lucene;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/** Takes a text apart the way it is done when items are stored. */
final class Words {
  private Words() {}

  /** The distinct words in the order of their first appearance, at most so many. */
  static SequencedSet<String> of(Analyzer analyzer, String text, int most) throws IOException {
    SequencedSet<String> words = new LinkedHashSet<>();
    try (TokenStream tokens = analyzer.tokenStream(DocumentMapping.WORDS, text)) {
      CharTermAttribute term = tokens.addAttribute(CharTermAttribute.class);
      tokens.reset();
      while (words.size() < most && tokens.incrementToken()) {
        words.add(term.toString());
      }
    }
    return words;
  }
}
