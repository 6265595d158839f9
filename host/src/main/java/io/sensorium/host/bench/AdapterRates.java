package io.sensorium.host.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tokens a second of a model with and without low-rank adapters, round by round.
 *
 * @param plain one sequence in the form that takes no adapters
 * @param adaptable the same in the other form, none being loaded
 * @param one the same with the only adapter
 * @param amongAll the same with one of eight adapters
 * @param plainTogether eight sequences in the form that takes no adapters
 * @param adaptableTogether the same in the other form, none being loaded
 * @param oneTogether the same, all with the only adapter
 * @param eachTogether the same, each with an adapter of its own
 */
record AdapterRates(
    Rates plain,
    Rates adaptable,
    Rates one,
    Rates amongAll,
    Rates plainTogether,
    Rates adaptableTogether,
    Rates oneTogether,
    Rates eachTogether) {
  AdapterRates() {
    this(
        new Rates(),
        new Rates(),
        new Rates(),
        new Rates(),
        new Rates(),
        new Rates(),
        new Rates(),
        new Rates());
  }

  Map<String, Object> figures() {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("tokensPerSecond", plain.median());
    figures.put("adaptable", adaptable.ratioTo(plain));
    figures.put("oneAdapter", one.ratioTo(plain));
    figures.put("oneOfAllAdapters", amongAll.ratioTo(plain));
    figures.put("tokensPerSecondTogether", plainTogether.median());
    figures.put("adaptableTogether", adaptableTogether.ratioTo(plainTogether));
    figures.put("oneAdapterTogether", oneTogether.ratioTo(plainTogether));
    figures.put("adapterEachTogether", eachTogether.ratioTo(plainTogether));
    return figures;
  }
}
