package io.sensorium.host.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What one model and its peer reach, round by round. One thread at a time. */
final class DecodeRates {
  private static final double GIGA = 1e9;

  private final long weightBytes;
  private final long cacheBytesPerToken;
  private final Rates memory = new Rates();
  private final Rates possible = new Rates();
  private final Rates alone = new Rates();
  private final Rates oneAfterAnother = new Rates();
  private final Rates together = new Rates();
  private final Rates peers = new Rates();
  private boolean peerMeasured;

  /**
   * @param weightBytes that a token reads
   * @param cacheBytesPerToken of the past that it reads
   */
  DecodeRates(long weightBytes, long cacheBytesPerToken) {
    this.weightBytes = weightBytes;
    this.cacheBytesPerToken = cacheBytesPerToken;
  }

  /**
   * Measures everything once.
   *
   * @param bytesPerSecond that memory was just read with
   */
  void add(double bytesPerSecond, DecodeTrial trial, int tokens, Optional<PeerProcess> peer)
      throws IOException {
    double rate = trial.alone(tokens);
    double single = trial.oneAfterAnother(tokens);
    double batched = trial.together(tokens);
    double others =
        peer.isPresent()
            ? peer.get().measure("decode " + tokens).get("tokensPerSecond").asDouble()
            : 1;
    memory.add(bytesPerSecond);
    double read = weightBytes + DecodeTrial.middle(tokens) * cacheBytesPerToken;
    possible.add(bytesPerSecond / read);
    alone.add(rate);
    oneAfterAnother.add(single);
    together.add(batched);
    peers.add(others);
    peerMeasured = peer.isPresent();
  }

  Map<String, Object> figures() {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("memoryGigabytesPerSecond", memory.median() / GIGA);
    figures.put("tokensPerSecond", alone.median());
    figures.put("shareOfBandwidth", alone.ratioTo(possible));
    figures.put("tokensPerSecondOneAfterAnother", oneAfterAnother.median());
    figures.put("tokensPerSecondTogether", together.median());
    figures.put("togetherToOneAfterAnother", together.ratioTo(oneAfterAnother));
    if (peerMeasured) {
      figures.put("peerTokensPerSecond", peers.median());
      figures.put("toPeer", alone.ratioTo(peers));
    }
    return figures;
  }
}
