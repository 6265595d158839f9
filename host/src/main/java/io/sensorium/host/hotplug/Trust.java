package io.sensorium.host.hotplug;

import io.sensorium.host.api.BundleException;
import io.sensorium.host.api.HostStartException;
import io.sensorium.host.api.PlugInPolicy;
import io.sensorium.host.launch.Problems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSigner;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Version;

/** Decides which jars may come in. Immutable. */
final class Trust {
  private static final String ANY_USE = "2.5.29.37.0";
  private static final String CODE_SIGNING = "1.3.6.1.5.5.7.3.3";

  private final Optional<Path> place;
  private final Set<X509Certificate> certificates;
  private final Set<String> pins;
  private final boolean allowDowngrade;

  private Trust(
      Optional<Path> place,
      Set<X509Certificate> certificates,
      Set<String> pins,
      boolean allowDowngrade) {
    this.place = place;
    this.certificates = Set.copyOf(certificates);
    this.pins = Set.copyOf(pins);
    this.allowDowngrade = allowDowngrade;
  }

  /**
   * Reads whom a policy trusts.
   *
   * @param usual the folder that counts, if it is there, where the policy names nothing
   * @throws HostStartException if what it names cannot be read or holds neither certificate nor pin
   */
  static Trust of(PlugInPolicy policy, Path usual) {
    Optional<Path> place = policy.trust().or(() -> Optional.of(usual).filter(Files::isDirectory));
    Set<X509Certificate> certificates = new HashSet<>();
    Set<String> pins = new HashSet<>();
    if (place.isPresent()) {
      try {
        for (Path file : files(place.get())) {
          read(file, certificates, pins);
        }
      } catch (IOException | CertificateException e) {
        throw new HostStartException(
            "trust needs X.509 certificates or *.sha256 files; cannot read %s: %s"
                .formatted(place.get(), Problems.line(e)),
            e);
      }
    }
    return new Trust(place, certificates, pins, policy.allowDowngrade());
  }

  private static List<Path> files(Path place) throws IOException {
    if (!Files.isDirectory(place)) {
      return List.of(place);
    }
    try (Stream<Path> files = Files.list(place)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static void read(Path file, Set<X509Certificate> certificates, Set<String> pins)
      throws IOException, CertificateException {
    if (file.getFileName().toString().endsWith(".sha256")) {
      for (String line : Files.readAllLines(file)) {
        if (!line.isBlank() && !line.startsWith("#")) {
          pins.add(pin(file, line));
        }
      }
      return;
    }
    List<Certificate> read = new ArrayList<>();
    try (InputStream in = Files.newInputStream(file)) {
      read.addAll(CertificateFactory.getInstance("X.509").generateCertificates(in));
    }
    if (read.isEmpty()) {
      throw new CertificateException(file.getFileName() + " holds no certificate");
    }
    read.forEach(certificate -> certificates.add((X509Certificate) certificate));
  }

  private static String pin(Path file, String line) throws IOException {
    String hash = line.strip().split("\\s+", 2)[0].toLowerCase(Locale.ROOT);
    if (!hash.matches("[0-9a-f]{64}")) {
      throw new IOException(
          "lines like '<64 hexadecimal digits>  name.jar' are required in %s; got '%s'"
              .formatted(file.getFileName(), line));
    }
    return hash;
  }

  /**
   * Makes sure that a jar may come in. Cost: reads the whole jar.
   *
   * @param sha256 of its bytes
   * @param replaced the version that it would replace
   * @throws BundleException if it may not; it says why
   */
  void require(BundleJar jar, String sha256, Optional<Version> replaced) {
    Set<CodeSigner> signers = JarSignature.signers(jar.file());
    if (place.isEmpty()) {
      return;
    }
    if (!pins.contains(sha256)) {
      requireTrustedSigner(jar, sha256, signers);
    }
    if (!allowDowngrade && replaced.isPresent() && jar.version().compareTo(replaced.get()) < 0) {
      throw new BundleException(
          "%s %s is not allowed to replace the higher version %s"
              .formatted(jar.symbolicName(), jar.version(), replaced.get()));
    }
  }

  private void requireTrustedSigner(BundleJar jar, String sha256, Set<CodeSigner> signers) {
    List<String> problems = new ArrayList<>();
    for (CodeSigner signer : signers) {
      try {
        requireTrusted(signer);
        return;
      } catch (GeneralSecurityException e) {
        problems.add(name(signer) + ": " + Problems.line(e));
      }
    }
    throw new BundleException(
        "%s %s needs the signature of somebody whom %s trusts, or a pin there; %s (sha-256 %s)"
            .formatted(
                jar.symbolicName(),
                jar.version(),
                place.orElseThrow(),
                problems.isEmpty() ? "it is not signed" : "it is signed by " + problems,
                sha256));
  }

  private void requireTrusted(CodeSigner signer) throws GeneralSecurityException {
    X509Certificate own = (X509Certificate) signer.getSignerCertPath().getCertificates().getFirst();
    own.checkValidity();
    List<String> uses = own.getExtendedKeyUsage();
    if (uses != null && !uses.contains(CODE_SIGNING) && !uses.contains(ANY_USE)) {
      throw new CertificateException("the certificate is not for signing code");
    }
    if (certificates.contains(own)) {
      return;
    }
    if (certificates.isEmpty()) {
      throw new CertificateException("no certificate is trusted");
    }
    PKIXParameters parameters =
        new PKIXParameters(
            certificates.stream()
                .map(trusted -> new TrustAnchor(trusted, null))
                .collect(Collectors.toSet()));
    // Nothing is fetched while a bundle comes in; whom to trust no longer is said by the folder.
    parameters.setRevocationEnabled(false);
    CertPathValidator.getInstance("PKIX").validate(signer.getSignerCertPath(), parameters);
  }

  private static String name(CodeSigner signer) {
    return ((X509Certificate) signer.getSignerCertPath().getCertificates().getFirst())
        .getSubjectX500Principal()
        .getName();
  }
}
