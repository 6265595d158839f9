/**
 * What a service must do, as abstract test suites that an implementation's test extends, and a
 * model package that needs no training.
 *
 * <pre>{@code
 * class MotionEncoderTest extends ModalityEncoderContract {
 *   protected ModalityEncoder encoder() { return new MotionEncoder(); }
 *
 *   protected ModelGraph graph() {
 *     return PackageFolder.read(Path.of("src/main/packages/motion")).graphs().getFirst();
 *   }
 *
 *   protected List<MediaInput> readable() { return List.of(MediaInput.ofText("1,2,3\n4,5,6\n")); }
 *
 *   protected List<MediaInput> unreadable() { return List.of(MediaInput.ofText("a picture")); }
 * }
 * }</pre>
 */
package io.sensorium.testkit;
