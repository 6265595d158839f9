package io.sensorium.space;

import io.sensorium.api.Modality;
import io.sensorium.api.media.MediaType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What the installed encoders say they read. Immutable.
 *
 * <p>A file name pattern goes before an exact media type, that before {@code image/*}, that before
 * nothing but the modality that the bytes were identified as; among patterns the longest wins. So
 * {@code *.motion.csv} is motion although its bytes are text.
 */
final class MediaClaims {
  private static final int FILE_PATTERN = 3;
  private static final int EXACT_TYPE = 2;
  private static final int WILDCARD_TYPE = 1;
  private static final int MODALITY_ONLY = 0;

  private final List<Claim> claims;

  private MediaClaims(List<Claim> claims) {
    this.claims = claims;
  }

  /**
   * What one encoder says.
   *
   * @param modality what it reads
   * @param accepts media types and file name patterns
   */
  record Reader(Modality modality, List<String> accepts) {}

  /** The claims of encoders, of which earlier ones win ties. */
  static MediaClaims of(List<Reader> readers) {
    List<Claim> claims = new ArrayList<>();
    for (Reader reader : readers) {
      reader.accepts().forEach(pattern -> claims.add(Claim.of(reader.modality(), pattern)));
      claims.add(Claim.ofModality(reader.modality()));
    }
    return new MediaClaims(List.copyOf(claims));
  }

  /** The modality with the strongest claim. */
  Optional<Modality> modalityOf(String name, Optional<MediaType> identified) {
    String file = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
    Item item = new Item(file.toLowerCase(Locale.ROOT), identified);
    return claims.stream()
        .filter(claim -> claim.matches().test(item))
        .max(
            Comparator.comparingInt(Claim::kind)
                .thenComparingInt(Claim::literals)
                .thenComparing(claim -> item.isIdentifiedAs(claim.modality())))
        .map(Claim::modality);
  }

  private record Item(String file, Optional<MediaType> type) {
    boolean isIdentifiedAs(Modality modality) {
      return type.map(MediaType::modality).filter(modality::equals).isPresent();
    }
  }

  private record Claim(Modality modality, int kind, int literals, Predicate<Item> matches) {
    static Claim of(Modality modality, String pattern) {
      String lower = pattern.toLowerCase(Locale.ROOT).strip();
      Predicate<String> glob = glob(lower);
      int literals = (int) lower.chars().filter(c -> c != '*' && c != '?').count();
      if (lower.indexOf('/') < 0) {
        return new Claim(modality, FILE_PATTERN, literals, item -> glob.test(item.file()));
      }
      int kind = lower.indexOf('*') < 0 ? EXACT_TYPE : WILDCARD_TYPE;
      return new Claim(
          modality,
          kind,
          literals,
          item -> item.type().map(MediaType::mime).filter(glob).isPresent());
    }

    static Claim ofModality(Modality modality) {
      return new Claim(modality, MODALITY_ONLY, 0, item -> item.isIdentifiedAs(modality));
    }

    private static Predicate<String> glob(String pattern) {
      StringBuilder regex = new StringBuilder();
      for (int i = 0; i < pattern.length(); i++) {
        regex.append(
            switch (pattern.charAt(i)) {
              case '*' -> ".*";
              case '?' -> ".";
              default -> Pattern.quote(pattern.substring(i, i + 1));
            });
      }
      return Pattern.compile(regex.toString(), Pattern.DOTALL).asMatchPredicate();
    }
  }
}
