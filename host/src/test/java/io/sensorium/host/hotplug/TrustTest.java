package io.sensorium.host.hotplug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.host.api.BundleException;
import io.sensorium.host.api.HostStartException;
import io.sensorium.host.api.PlugInPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipFile;
import jdk.security.jarsigner.JarSigner;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Version;

@Timeout(120)
class TrustTest {
  private static final char[] PASSWORD = "a password".toCharArray();

  @TempDir private Path folder;
  private Path unsigned;

  @BeforeEach
  void makeJar() throws IOException {
    unsigned = jar("1.0.0");
  }

  @Test
  void withoutAPolicyWhatIsNotSignedAndWhatIsSignedByAnybodyComesIn() throws Exception {
    Trust open = Trust.of(PlugInPolicy.DEFAULT, folder.resolve("trust"));
    require(open, unsigned);
    require(open, sign(unsigned, key("stranger", "-validity", "9")));
  }

  @Test
  void aBrokenSignatureIsRefusedByEveryPolicy() throws Exception {
    Path signed = sign(unsigned, key("author", "-validity", "9"));
    Trust open = Trust.of(PlugInPolicy.DEFAULT, folder.resolve("trust"));
    assertThatThrownBy(() -> require(open, with(signed, "words.txt", "other words")))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("signature");
    assertThatThrownBy(() -> require(open, with(signed, "more.txt", "something added")))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("more.txt");
    assertThatThrownBy(() -> require(open, with(signed, "words.txt", null)))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("words.txt was signed and is missing");
  }

  @Test
  void onlyATrustedSignatureComesIn() throws Exception {
    KeyStore.PrivateKeyEntry author = key("author", "-validity", "9");
    Trust strict = trusting(certificate(author.getCertificate(), "trusted.pem"));
    require(strict, sign(unsigned, author));
    assertThatThrownBy(() -> require(strict, unsigned))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("not signed");
    Path strange = sign(unsigned, key("stranger", "-validity", "9"));
    assertThatThrownBy(() -> require(strict, strange))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("CN=stranger");
    assertThatThrownBy(
            () -> require(strict, with(sign(unsigned, author), "words.txt", "other words")))
        .isInstanceOf(BundleException.class);
  }

  @Test
  void anExpiredCertificateIsTrustedNoLonger() throws Exception {
    KeyStore.PrivateKeyEntry expired = key("expired", "-startdate", "-40d", "-validity", "9");
    Trust strict = trusting(certificate(expired.getCertificate(), "expired.pem"));
    Path signed = sign(unsigned, expired);
    assertThatThrownBy(() -> require(strict, signed))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("NotAfter");
  }

  @Test
  void aCertificateThatATrustedAuthorityIssuedIsTrusted() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    Path file = folder.resolve("authority.p12");
    keytool(file, "-genkeypair", "-alias", "authority", "-dname", "CN=authority", "-ext", "bc:c");
    keytool(file, "-genkeypair", "-alias", "author", "-dname", "CN=author", "-signer", "authority");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    var author =
        (KeyStore.PrivateKeyEntry)
            store.getEntry("author", new KeyStore.PasswordProtection(PASSWORD));
    Trust strict = trusting(certificate(store.getCertificate("authority"), "authority.pem"));
    require(strict, sign(unsigned, author));
  }

  @Test
  void aPinnedJarNeedsNoSignature() throws Exception {
    Path pins = folder.resolve("pins.sha256");
    Files.writeString(pins, "# what we read\n" + Hashes.sha256(unsigned) + "  sense.jar\n");
    require(trusting(pins), unsigned);
    assertThatThrownBy(() -> require(trusting(pins), jar("1.0.1")))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("not signed");
  }

  @Test
  void aLowerVersionIsRefusedUnlessThePolicyAllowsIt() throws Exception {
    Path pins = folder.resolve("pins.sha256");
    Files.writeString(pins, Hashes.sha256(unsigned));
    PlugInPolicy policy = PlugInPolicy.DEFAULT.trusting(pins);
    Optional<Version> higher = Optional.of(Version.parseVersion("1.10.0"));
    BundleJar jar = BundleJar.open(unsigned);
    String sha256 = Hashes.sha256(unsigned);
    assertThatThrownBy(() -> Trust.of(policy, folder).require(jar, sha256, higher))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("1.10.0");
    Trust.of(policy.allowingDowngrade(), folder).require(jar, sha256, higher);
  }

  @Test
  void theHomesFolderCountsWhereThePolicyNamesNothing() throws Exception {
    Path trust = Files.createDirectory(folder.resolve("trust"));
    Trust nobody = Trust.of(PlugInPolicy.DEFAULT, trust);
    assertThatThrownBy(() -> require(nobody, unsigned)).isInstanceOf(BundleException.class);
    Files.writeString(trust.resolve("readme.pem"), "no certificate");
    assertThatThrownBy(() -> Trust.of(PlugInPolicy.DEFAULT, trust))
        .isInstanceOf(HostStartException.class)
        .hasMessageContaining("trust");
  }

  @Test
  void aRefusedJarIsNeverStarted() throws Exception {
    Path pins = Files.writeString(folder.resolve("none.sha256"), "");
    try (TestFramework host =
        new TestFramework(folder.resolve("home"), TestFramework.PATIENT.trusting(pins))) {
      assertThatThrownBy(() -> host.changes().install(unsigned))
          .isInstanceOf(BundleException.class);
      assertThat(host.steps())
          .containsExactly("sense 1.0.0 RESOLVE", "sense 1.0.0 VERIFY", "sense 1.0.0 QUARANTINED");
      assertThat(host.changes().list()).isEmpty();
      assertThat(host.keptFiles()).isEmpty();
    }
  }

  private Path jar(String version) throws IOException {
    return TestJar.of("sense", version)
        .file("words.txt", "some words")
        .file("more/words.txt", "some more words")
        .write(folder.resolve("sense-" + version + ".jar"));
  }

  private static void require(Trust trust, Path jar) throws IOException {
    trust.require(BundleJar.open(jar), Hashes.sha256(jar), Optional.empty());
  }

  private Trust trusting(Path place) {
    return Trust.of(PlugInPolicy.DEFAULT.trusting(place), folder);
  }

  private KeyStore.PrivateKeyEntry key(String name, String... options) throws Exception {
    Path file = folder.resolve(name + ".p12");
    String[] arguments =
        java.util.stream.Stream.concat(
                java.util.stream.Stream.of("-genkeypair", "-alias", name, "-dname", "CN=" + name),
                Arrays.stream(options))
            .toArray(String[]::new);
    keytool(file, arguments);
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    return (KeyStore.PrivateKeyEntry)
        store.getEntry(name, new KeyStore.PasswordProtection(PASSWORD));
  }

  private static void keytool(Path store, String... options) throws Exception {
    List<String> command =
        new java.util.ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keyalg",
                "EC"));
    command.addAll(1, Arrays.asList(options));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  private Path sign(Path jar, KeyStore.PrivateKeyEntry key) throws Exception {
    PrivateKey secret = key.getPrivateKey();
    var path =
        CertificateFactory.getInstance("X.509")
            .generateCertPath(Arrays.asList(key.getCertificateChain()));
    Path signed = Files.createTempFile(folder, "signed", ".jar");
    try (ZipFile in = new ZipFile(jar.toFile());
        OutputStream out = Files.newOutputStream(signed)) {
      new JarSigner.Builder(secret, path).build().sign(in, out);
    }
    return signed;
  }

  private Path certificate(Certificate certificate, String name) throws Exception {
    return Files.writeString(
        folder.resolve(name),
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
            + "\n-----END CERTIFICATE-----\n");
  }

  /** A copy in which a file is another, or is missing for null. */
  private Path with(Path jar, String file, String content) throws IOException {
    Path copy = Files.createTempFile(folder, "changed", ".jar");
    Files.copy(jar, copy, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    try (FileSystem zip = FileSystems.newFileSystem(copy)) {
      if (content == null) {
        Files.delete(zip.getPath(file));
      } else {
        Files.writeString(zip.getPath(file), content);
      }
    }
    return copy;
  }
}
