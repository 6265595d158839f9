package io.sensorium.host.remote;

import io.sensorium.host.api.HostStartException;
import io.sensorium.host.launch.HomeFolder;
import io.sensorium.host.launch.Problems;
import io.sensorium.host.operations.HostOperations;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers commands of other processes of the same user. Thread-safe; close is idempotent, cancels
 * what is running and leaves no socket behind.
 */
public final class OperationServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OperationServer.class);
  private static final int MOST_CONNECTIONS = 64;

  private final HomeFolder home;
  private final ServerSocketChannel listener;
  private final UserPrincipal owner;
  private final HostOperations operations;
  private final Protocol.Greeting greeting;
  private final Set<ServedConnection> connections = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("sensorium-socket-clock").factory());

  private OperationServer(
      HomeFolder home,
      ServerSocketChannel listener,
      UserPrincipal owner,
      HostOperations operations,
      Protocol.Greeting greeting) {
    this.home = home;
    this.listener = listener;
    this.owner = owner;
    this.operations = operations;
    this.greeting = greeting;
  }

  /**
   * Listens at the home's socket.
   *
   * @param operations what to answer with; borrowed
   * @throws HostStartException if the socket cannot be opened
   */
  public static OperationServer start(
      HomeFolder home, HostOperations operations, String version, String device) {
    try {
      Path socket = SocketLocation.prepare(home);
      ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        listener.bind(UnixDomainSocketAddress.of(socket));
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
          Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        }
        OperationServer server =
            new OperationServer(
                home,
                listener,
                Files.getOwner(socket),
                operations,
                new Protocol.Greeting(
                    version, Protocol.VERSION, ProcessHandle.current().pid(), device));
        Thread.ofPlatform().daemon().name("sensorium-socket").start(server::accept);
        return server;
      } catch (IOException e) {
        listener.close();
        throw e;
      }
    } catch (IOException e) {
      throw new HostStartException(
          "cannot serve at %s: %s".formatted(home.socket(), Problems.line(e)), e);
    }
  }

  private void accept() {
    while (listener.isOpen()) {
      try {
        SocketChannel channel = listener.accept();
        if (connections.size() >= MOST_CONNECTIONS || !isOwner(channel)) {
          channel.close();
        } else {
          serve(channel);
        }
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        LOG.warn("a connection could not be accepted", e);
      }
    }
  }

  private void serve(SocketChannel channel) {
    ServedConnection connection =
        new ServedConnection(channel, operations, greeting, clock, connections::remove);
    connections.add(connection);
    Thread.ofVirtual().name("sensorium-connection").start(connection::serve);
  }

  /** The socket's permissions keep others out; this does too, where those come too late. */
  private boolean isOwner(SocketChannel channel) throws IOException {
    if (!channel.supportedOptions().contains(ExtendedSocketOptions.SO_PEERCRED)) {
      return true;
    }
    UserPrincipal peer = channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
    return peer.equals(owner);
  }

  @Override
  public void close() {
    try {
      listener.close();
      connections.forEach(ServedConnection::close);
      SocketLocation.remove(home);
    } catch (IOException e) {
      LOG.warn("the socket in {} could not be removed", home.root(), e);
    } finally {
      clock.shutdownNow();
    }
  }
}
