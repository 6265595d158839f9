package io.sensorium.api.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.language.DecodingStrategy.Beam;
import io.sensorium.api.language.DecodingStrategy.Contrastive;
import io.sensorium.api.language.DecodingStrategy.EarlyStopping;
import io.sensorium.api.language.DecodingStrategy.Greedy;
import io.sensorium.api.language.DecodingStrategy.Sample;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecodingStrategyTest {
  @Test
  void isReadFromItsNameAlone() {
    assertThat(DecodingStrategy.parse("greedy")).isEqualTo(new Greedy());
    assertThat(DecodingStrategy.parse("sample"))
        .isEqualTo(new Sample(1, 0, 1, 0, 1, OptionalLong.empty()));
    assertThat(DecodingStrategy.parse("beam"))
        .isEqualTo(new Beam(4, 1, EarlyStopping.UNLIKELY_BETTER));
    assertThat(DecodingStrategy.parse("contrastive")).isEqualTo(new Contrastive(4, 0.6));
  }

  @Test
  void isReadWithItsSettingsInAnyOrder() {
    assertThat(
            DecodingStrategy.parse(
                "sample, seed=-3,temperature=0.8,top-k=50,top-p=.9,min-p=5e-2,typical-p=0.95"))
        .isEqualTo(new Sample(0.8, 50, 0.9, 0.05, 0.95, OptionalLong.of(-3)));
    assertThat(DecodingStrategy.parse("beam,early-stopping=never,length-penalty=-1.2,width=7"))
        .isEqualTo(new Beam(7, -1.2, EarlyStopping.NEVER_BETTER));
    assertThat(DecodingStrategy.parse("beam,early-stopping=true"))
        .isEqualTo(new Beam(4, 1, EarlyStopping.WHEN_FULL));
    assertThat(DecodingStrategy.parse("contrastive,top-k=6,alpha=0.4"))
        .isEqualTo(new Contrastive(6, 0.4));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | '' is no strategy",
        "gready | 'gready' is no strategy",
        "beam,width | 'width' has no value",
        "beam,width=4,width=5 | 'width' comes twice",
        "beam,top-k=4 | beam has no setting 'top-k'",
        "greedy,seed=1 | greedy has no setting 'seed'",
        "beam,width=four | 'four' cannot be width",
        "beam,early-stopping=yes | 'yes' cannot be early-stopping",
        "beam,width=65 | a beam's width must be in 1..64; got 65",
        "beam,length-penalty=NaN | length penalty must be finite; got NaN",
        "sample,top-p=0 | top-p must be in (0, 1]; got 0.0",
        "sample,temperature=NaN | temperature must be in (0, 100]; got NaN",
        "sample,seed=1.5 | '1.5' cannot be seed",
        "contrastive,top-k=1 | contrastive top-k must be in 2..64; got 1",
        "greedy, | '' has no value",
      })
  void saysWhatIsWrongAndWhatIsAllowed(String words, String problem) {
    assertThatThrownBy(() -> DecodingStrategy.parse(words))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a strategy must be NAME[,SETTING=VALUE...], one of greedy; ")
        .hasMessageContaining("beam with width, length-penalty, early-stopping")
        .hasMessageEndingWith("got '%s': %s".formatted(words, problem));
  }
}
